using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCLM.Documents;
using ServerlessCLM.Models;

namespace ServerlessCLM.Tests.Models;

public class ModelDocumentTests
{
    [Fact]
    public void What_is_written_is_read_and_written_again_byte_for_byte()
    {
        var bytes = ModelDocuments.Write(Example());
        var read = ModelDocuments.Read(bytes);

        Assert.Equal("churn", read.Id);
        Assert.Equal(Direction.Rises, read.Features[0].Direction);
        Assert.Equal(new Figure(0.8, 0.75, 0.85), read.Metrics["auc"]);
        Assert.Equal(bytes, ModelDocuments.Write(read));
    }

    [Theory]
    [InlineData("format", "2", "$.format: is 2; this version of the product reads 1")]
    [InlineData("version", "0", "$.version: must be a whole number from 1")]
    [InlineData("version", "\"1\"", "$.version: ")]
    [InlineData("id", "\"Churn!\"", "$.id: must be 1 to 64 lower-case")]
    [InlineData("kind", "\"forest\"", "$.kind: must be one of trees, ")]
    [InlineData("novelty", "1", "$.novelty: ")]
    [InlineData("horizonDays", "0", "$.horizonDays: must be 1 to 3660")]
    [InlineData("features", """[{"name":"a"},{"name":"a"}]""", "$.features[1].name: 'a' is there twice")]
    [InlineData("features", """[{"name":"a","direction":"up"}]""", "$.features[0].direction: ")]
    [InlineData("training", """{"source":"x","rows":10,"positives":11}""", "$.training.positives: must be from 0 to the number of rows")]
    [InlineData("training", """{"source":"x","positives":1}""", "$.training: ")]
    [InlineData("calibration", """{"kind":"platt","slope":-1,"offset":0}""", "$.calibration.slope: must be a number above 0")]
    [InlineData("calibration", """{"kind":"isotonic","scores":[1,1],"probabilities":[0,1]}""", "$.calibration.scores[1]: must be above the one before it")]
    [InlineData("calibration", """{"kind":"isotonic","scores":[1,2],"probabilities":[0.5,0.4]}""", "$.calibration.probabilities[1]: must be from 0 to 1 and not below")]
    [InlineData("alert", """{"signal":"churn_high","cut":0.2,"release":0.3,"share":0.05}""", "$.alert.release: must not be above the cut")]
    [InlineData("reference", """{"rows":1,"score":{"name":"score","edges":[1,0],"shares":[1,0,0,0]},"features":[]}""", "$.reference.score.edges[1]: must be above")]
    [InlineData("model", "[]", "$.model: must be an object")]
    public void What_is_wrong_is_said_with_its_place(string member, string value, string expected)
    {
        var document = JsonNode.Parse(ModelDocuments.Write(Example()))!.AsObject();
        document[member] = JsonNode.Parse(value);

        var refused = Assert.Throws<ModelFormatException>(() => ModelDocuments.Read(Encoding.UTF8.GetBytes(document.ToJsonString())));

        Assert.StartsWith(expected, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("ServerlessCLM", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "$: ")]
    [InlineData("[]", "$: must be a JSON object")]
    [InlineData("{\"format\": 1", "$")]
    [InlineData("{\"id\":\"a\",\"id\":\"b\"}", "")]
    public void What_is_no_document_is_refused(string text, string expected)
    {
        var refused = Assert.Throws<ModelFormatException>(() => ModelDocuments.Read(Encoding.UTF8.GetBytes(text)));
        Assert.StartsWith(expected, refused.Message, StringComparison.Ordinal);
    }

    /// <summary>The scorer's own part is read where nobody minded a text that is none, and half a character there was a failure of the product.</summary>
    [Theory]
    [InlineData(@"\ud800")]
    [InlineData(@"\udc00x")]
    [InlineData("\u00C1(")]
    public void Half_a_character_deep_in_a_document_is_refused(string text)
    {
        // As bytes of Latin-1, the last of them is no UTF-8.
        var utf8 = Encoding.Latin1.GetBytes($$"""{"format":1,"id":"a","model":{"trees":[[{"f{{text}}":1}]] } }""");
        Assert.Equal("$: must have texts of whole Unicode characters", Assert.Throws<ModelFormatException>(() => ModelDocuments.Read(utf8)).Message);
    }

    [Fact]
    public void A_newer_document_is_called_newer_even_where_it_has_unknown_members()
    {
        var document = JsonNode.Parse(ModelDocuments.Write(Example()))!.AsObject();
        document["aNewMember"] = 1;
        document["format"] = 7;

        var refused = Assert.Throws<ModelFormatException>(() => ModelDocuments.Read(Encoding.UTF8.GetBytes(document.ToJsonString())));
        Assert.Equal("$.format", refused.Path);
    }

    [Fact]
    public void Every_shipped_model_is_as_the_schema_says() => Assert.All(ShippedModels.All, document =>
        Assert.Empty(FindingsOf(JsonNode.Parse(ModelDocuments.Write(document)))));

    /// <summary>What the schema refuses, reading refuses at the same place.</summary>
    [Theory]
    [InlineData("churn", "$.id", "Churn!")]
    [InlineData("churn", "$.kind", "forest")]
    [InlineData("churn", "$.training.positives", -1)]
    [InlineData("churn", "$.model.version", 2)]
    [InlineData("churn", "$.model.trees[1][0].missing", "up")]
    [InlineData("churn", "$.model.trees[1][0].speed", 1)]
    [InlineData("churn", "$.model.baseMargin", "0")]
    [InlineData("pre_delinquency", "$.model.periods", 4)]
    [InlineData("pre_delinquency", "$.model.hazard.trees[0][0].cover", -1)]
    public void What_the_schema_refuses_reading_refuses_at_the_same_place(string id, string path, object value)
    {
        var document = Shipped(id);
        Put(document, path, JsonSerializer.SerializeToNode(value));

        Assert.Equal(path, Assert.Single(FindingsOf(document)).Path);
        Assert.Equal(path, Refused(document).Path);
    }

    [Fact]
    public void A_cycle_of_nodes_is_refused_with_its_place()
    {
        var document = Shipped("churn");
        Put(document, "$.model.trees[2][1].left", JsonValue.Create(0));
        Assert.Equal("$.model.trees[2][0]: is reached twice: a cycle, or two parents", Refused(document).Message);
    }

    [Fact]
    public void A_list_of_features_that_is_not_the_document_s_is_refused_with_its_place()
    {
        var (swapped, unknown) = (Shipped("churn"), Shipped("churn"));
        var names = swapped["model"]!["features"]!.AsArray();
        (names[0], names[1]) = (names[1]!.DeepClone(), names[0]!.DeepClone());
        Put(unknown, "$.features[0].name", JsonValue.Create("shoe_size"));
        Assert.StartsWith("$.model.features: must be the document's: tenure_days, ", Refused(swapped).Message, StringComparison.Ordinal);
        Assert.Equal("$.features[0].name: 'shoe_size' is not in the feature catalogue", Refused(unknown).Message);
    }

    [Fact]
    public void A_newer_version_of_the_trees_is_refused_with_its_place()
    {
        var document = Shipped("pre_delinquency");
        Put(document, "$.model.hazard.version", JsonValue.Create(2));
        Assert.Equal("$.model.hazard.version: is 2; this program reads up to version 1", Refused(document).Message);
    }

    private static JsonObject Shipped(string id) =>
        JsonNode.Parse(ModelDocuments.Write(ShippedModels.All.Single(document => document.Id == id)))!.AsObject();

    private static IReadOnlyList<Finding> FindingsOf(JsonNode? document)
    {
        var findings = new Findings();
        ModelDocuments.Schema.Check(document, findings);
        return findings.All;
    }

    private static ModelFormatException Refused(JsonObject document) =>
        Assert.Throws<ModelFormatException>(() => FeatureModel.Of(ModelDocuments.Read(Encoding.UTF8.GetBytes(document.ToJsonString()))));

    private static void Put(JsonNode document, string path, JsonNode? value)
    {
        var steps = path.Split(['.', '[', ']'], StringSplitOptions.RemoveEmptyEntries)[1..];
        var at = document;
        foreach (var step in steps[..^1])
            at = int.TryParse(step, CultureInfo.InvariantCulture, out var place) ? at![place]! : at![step]!;
        if (int.TryParse(steps[^1], CultureInfo.InvariantCulture, out var last))
            at[last] = value;
        else
            at[steps[^1]] = value;
    }

    [Fact]
    public void Isotonic_calibration_is_linear_between_its_points_and_flat_beyond_them()
    {
        var calibration = new ModelCalibration(ModelCalibration.Isotonic) { Scores = [-1, 1, 2], Probabilities = [0.1, 0.3, 0.9] };
        Assert.Equal([0.1, 0.1, 0.2, 0.3, 0.6, 0.9, 0.9], new[] { -9.0, -1, 0, 1, 1.5, 2, 9 }.Select(calibration.Apply), (a, b) => Math.Abs(a - b) < 1e-12);
    }

    private static ModelDocument Example()
    {
        using var model = JsonDocument.Parse("""{"trees":[]}""");
        return new ModelDocument("churn", 3, ModelKinds.Trees, "Keep customers.", "Leaves within 90 days.", 90,
            [new ModelFeature("days_since_payment", Direction.Rises), new ModelFeature("job", Levels: ["a", "ä"])],
            new ModelTraining("a test", 100, 5)
            {
                From = Product.Now, Until = Product.Now.AddDays(90), LeftOut = new Dictionary<string, int> { ["too new"] = 3 },
            },
            new Dictionary<string, Figure> { ["auc"] = new(0.8, 0.75, 0.85) }, ["Not for credit."], model.RootElement.Clone())
        {
            Calibration = ModelCalibration.Logistic,
            Alert = new ModelAlert("churn_high", 0.5, 0.4, 0.05),
            Reference = new ModelReference(100, new Bins("score", [0.1], [0.5, 0.5, 0]), []),
        };
    }
}
