using Microsoft.ML;
using Microsoft.ML.Calibrators;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers.FastTree;
using Microsoft.ML.Trainers.LightGbm;
using ServerlessCLM.Models;

namespace ServerlessCLM.Functions;

/// <summary>Which of ML.NET's learners grows the trees.</summary>
internal enum MlNetLearner { FastTree, LightGbm }

/// <summary>
/// Challengers by ML.NET, converted to the product's trees. What it cannot do is left to the built-in trainer: amounts, and features
/// that are held to a direction.
/// </summary>
internal sealed class MlNetTrainer(MlNetLearner learner) : ITreeTrainer
{
    private const string Label = "Label", Features = "Features";

    public string Name => $"ML.NET {learner}";

    public TreeEnsemble Train(TrainingSet rows, TreeOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        if (options.Objective != TreeObjective.Logistic || options.Monotone is { Count: > 0 })
            return BuiltInTrainer.Instance.Train(rows, options, progress, cancellation);

        var context = new MLContext(unchecked((int)options.Seed));
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[Features].ColumnType = new VectorDataViewType(NumberDataViewType.Single, rows.Features.Count);
        var data = context.Data.LoadFromEnumerable(Rows(rows, cancellation), schema);
        return learner == MlNetLearner.FastTree ? FastTree(context, data, rows, options) : LightGbm(context, data, rows, options);
    }

    private static TreeEnsemble FastTree(MLContext context, IDataView data, TrainingSet rows, TreeOptions options)
    {
        var trained = context.BinaryClassification.Trainers.FastTree(
            Label, Features, numberOfLeaves: 1 << options.Depth, numberOfTrees: options.Trees, learningRate: options.LearningRate).Fit(data);
        var model = trained.Model;
        return Convert(model.SubModel.TrainedTreeEnsemble, model.Calibrator, rows);
    }

    private static TreeEnsemble LightGbm(MLContext context, IDataView data, TrainingSet rows, TreeOptions options)
    {
        var trained = context.BinaryClassification.Trainers.LightGbm(
            Label, Features, numberOfLeaves: 1 << options.Depth, learningRate: options.LearningRate, numberOfIterations: options.Trees).Fit(data);
        var model = trained.Model;
        return Convert(model.SubModel.TrainedTreeEnsemble, model.Calibrator, rows);
    }

    /// <remarks>ML.NET's calibrator gives 1 / (1 + exp(slope·x + offset)); the margin is the negative of that exponent.</remarks>
    private static TreeEnsemble Convert(RegressionTreeEnsemble ensemble, PlattCalibrator calibrator, TrainingSet rows)
    {
        var trees = new List<MlNetTree>(ensemble.Trees.Count);
        for (var place = 0; place < ensemble.Trees.Count; place++)
        {
            var tree = ensemble.Trees[place];
            trees.Add(new MlNetTree(tree.LeftChild, tree.RightChild, tree.NumericalSplitFeatureIndexes, tree.NumericalSplitThresholds,
                tree.LeafValues, ensemble.TreeWeights[place]));
        }

        return MlNetTrees.Convert(rows.Features, ensemble.Bias, trees, -calibrator.Slope, -calibrator.Offset, rows);
    }

    private static IEnumerable<Row> Rows(TrainingSet rows, CancellationToken cancellation)
    {
        for (var place = 0; place < rows.Rows; place++)
        {
            cancellation.ThrowIfCancellationRequested();
            var row = new Row { Label = rows.Labels[place] > 0, Features = new float[rows.Features.Count] };
            rows.CopyRow(place, row.Features);
            yield return row;
        }
    }

    private sealed class Row
    {
        public bool Label { get; set; }

        public float[] Features { get; set; } = [];
    }
}
