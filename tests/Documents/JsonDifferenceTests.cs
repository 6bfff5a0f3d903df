using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using ServerlessCLM.Documents;

namespace ServerlessCLM.Tests.Documents;

public class JsonDifferenceTests
{
    [Fact]
    public void Items_with_ids_are_compared_by_id_and_members_by_name()
    {
        var from = JsonNode.Parse("""{"a":1,"gone":true,"actions":[{"id":"x","lever":1},{"id":"y"},{"id":"it's"}],"tags":["p","q"]}""");
        var to = JsonNode.Parse("""{"a":1.0,"new":null,"actions":[{"id":"it's"},{"id":"x","lever":2},{"id":"z"}],"tags":["p","r","s"]}""");
        Assert.Equal(
            [
                "$.gone Removed true null", "$.new Added null null", "$.actions[?@.id=='y'] Removed {\"id\":\"y\"} null",
                "$.actions[?@.id=='x'].lever Replaced 1 2", "$.actions[?@.id=='z'] Added null {\"id\":\"z\"}",
                "$.actions Reordered [\"x\",\"it's\"] [\"it's\",\"x\"]", "$.tags[1] Replaced \"q\" \"r\"", "$.tags[2] Added null \"s\"",
            ],
            JsonDifference.Between(from, to).Select(change => $"{change.Path} {change.Kind} {Json(change.From)} {Json(change.To)}"));
    }

    private static readonly Gen<JsonNode?> Documents = Node(3);

    [Fact]
    public void There_is_no_difference_only_where_there_is_none_and_backwards_it_is_the_same_turned_round() =>
        Prop.ForAll(Documents.ToArbitrary(), Documents.ToArbitrary(), (one, other) =>
        {
            Assert.Empty(JsonDifference.Between(one, one?.DeepClone()));
            var (there, back) = (JsonDifference.Between(one, other), JsonDifference.Between(other, one));
            Assert.Equal(JsonNode.DeepEquals(one, other), there.Count == 0);
            Assert.Equal(
                there.Select(change => $"{change.Path} {Json(change.From)} {Json(change.To)}").Order(StringComparer.Ordinal),
                back.Select(change => $"{change.Path} {Json(change.To)} {Json(change.From)}").Order(StringComparer.Ordinal));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    private static Gen<JsonNode?> Node(int depth) => depth == 0 ? Gen.Choose(0, 2).Select(number => number == 2 ? null : (JsonNode?)number)
        : Gen.OneOf(
            Node(0),
            Node(depth - 1).ArrayOf(3).Select(items => (JsonNode?)new JsonArray([.. items.Select(item => item?.DeepClone())])),
            Node(depth - 1).ArrayOf(3).Select(items => (JsonNode?)new JsonObject(items.Select((item, place) => KeyValuePair.Create($"m{place}", item?.DeepClone())))),
            from ids in Gen.Shuffle(new[] { "a", "b", "c" })
            from many in Gen.Choose(0, 3)
            from items in Node(depth - 1).ArrayOf(3)
            select (JsonNode?)new JsonArray([.. ids.Take(many).Zip(items, (id, item) => new JsonObject { ["id"] = id, ["v"] = item?.DeepClone() })]));

    private static string Json(JsonNode? node) => node?.ToJsonString(Readable) ?? "null";

    private static readonly System.Text.Json.JsonSerializerOptions Readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
