using System.Globalization;
using System.Text.Json;

namespace ServerlessCLM.Models;

public sealed partial class TreeEnsemble
{
    /// <summary>
    /// Imports XGBoost's JSON model format (save_model to a .json file; schema of version 1.x): one output, numeric splits, booster
    /// gbtree, an objective of the logistic or the squared-error family.
    /// </summary>
    /// <remarks>XGBoost adds leaves in single precision, this class in double; margins agree to about 1e-6.</remarks>
    /// <exception cref="ModelFormatException">The path and the reason.</exception>
    public static TreeEnsemble FromXgboost(Stream json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return FromXgboost(new DocumentPart(document.RootElement, "$").Member("learner"));
        }
        catch (JsonException malformed)
        {
            throw new ModelFormatException("$", $"is not JSON: {malformed.Message}", malformed);
        }
    }

    private static TreeEnsemble FromXgboost(DocumentPart learner)
    {
        var booster = learner.Member("gradient_booster");
        if (booster.Member("name").Text() != "gbtree")
            throw new ModelFormatException(booster.Member("name").Path, $"is \"{booster.Member("name").Text()}\"; only gbtree can be imported");

        var parameters = learner.Member("learner_model_param");
        if (Number(parameters.Member("num_class")) > 1)
            throw new ModelFormatException(parameters.Member("num_class").Path, "must be 0 or 1: there is one margin");
        if (parameters.Has("num_target") && Number(parameters.Member("num_target")) > 1)
            throw new ModelFormatException(parameters.Member("num_target").Path, "must be 1: there is one margin");

        var names = learner.Has("feature_names") ? learner.Member("feature_names").Items().Select(name => name.Text()).ToArray() : [];
        var count = (int)Number(parameters.Member("num_feature"));
        if (names.Length == 0)
            names = [.. Enumerable.Range(0, count).Select(place => $"f{place}")];
        if (names.Length != count)
            throw new ModelFormatException(learner.Member("feature_names").Path, $"has {names.Length} names for {count} features");

        var features = TreeLayout.CheckFeatures(names, $"{learner.Path}.feature_names");
        var trees = booster.Member("model").Member("trees").Items().Select(tree => ReadXgboostTree(tree, features.Length)).ToArray();
        return new TreeEnsemble(
            features, ReadBaseMargin(learner, parameters.Member("base_score")), trees, (tree, node) => $"{booster.Path}.model.trees[{tree}] node {node}");
    }

    /// <summary>base_score is on the scale of the prediction; the margin is its link.</summary>
    private static double ReadBaseMargin(DocumentPart learner, DocumentPart score)
    {
        var objective = learner.Member("objective").Member("name");
        var value = Number(score);
        switch (objective.Text())
        {
            case "binary:logistic" or "reg:logistic":
                if (value is <= 0 or >= 1)
                    throw new ModelFormatException(score.Path, "must lie between 0 and 1 for a logistic objective");
                return (float)-Math.Log((1 / value) - 1);
            case "binary:logitraw" or "reg:squarederror":
                return value;
            default:
                throw new ModelFormatException(
                    objective.Path, $"is \"{objective.Text()}\"; only binary:logistic, binary:logitraw, reg:logistic and reg:squarederror can be imported");
        }
    }

    private static TreeNode[] ReadXgboostTree(DocumentPart tree, int features)
    {
        var left = tree.Member("left_children").Items().Select(item => item.Int32()).ToArray();
        var right = Column("right_children", item => item.Int32());
        var feature = Column("split_indices", item => item.Int32());
        var condition = Column("split_conditions", item => item.Single());
        var cover = Column("sum_hessian", item => item.Single());
        var missingLeft = Column("default_left", Flag);
        if (tree.Has("split_type"))
        {
            foreach (var type in tree.Member("split_type").Items())
            {
                if (type.Int32() != 0)
                    throw new ModelFormatException(type.Path, "is a categorical split; only numeric ones can be imported");
            }
        }

        var nodes = new TreeNode[left.Length];
        for (var at = 0; at < nodes.Length; at++)
        {
            if (left[at] == -1)
            {
                nodes[at] = TreeNode.Leaf(condition[at], cover[at]);
                continue;
            }

            if ((uint)feature[at] >= (uint)features)
                throw new ModelFormatException($"{tree.Path}.split_indices[{at}]", $"is {feature[at]}, but there are {features} features");
            nodes[at] = TreeNode.Split(feature[at], condition[at], missingLeft[at], left[at], right[at], cover[at]);
        }

        return nodes;

        T[] Column<T>(string name, Func<DocumentPart, T> read)
        {
            var values = tree.Member(name).Items().Select(read).ToArray();
            return values.Length == left.Length
                ? values
                : throw new ModelFormatException($"{tree.Path}.{name}", $"has {values.Length} entries for {left.Length} nodes");
        }

        // Versions differ: 0 and 1, or false and true.
        static bool Flag(DocumentPart item) => item.Element.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => item.Int32() != 0,
        };
    }

    /// <summary>XGBoost writes parameters as texts: "3E-1".</summary>
    private static double Number(DocumentPart text) =>
        float.TryParse(text.Text(), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && float.IsFinite(value)
            ? value
            : throw new ModelFormatException(text.Path, "must be a number as a text");
}
