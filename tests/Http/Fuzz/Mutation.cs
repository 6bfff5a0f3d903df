using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace ServerlessCLM.Tests.Http.Fuzz;

/// <summary>Takes what is right and makes it wrong, in the ways that parsers, keys and clocks mind.</summary>
internal sealed class Mutation(Rng random)
{
    /// <summary>In a path or query they are percent encoded already, or wrongly so.</summary>
    private static readonly string[] Segments =
    [
        "%2F", "%5C", "%23", "%3F", "%00", "%09", "%0A", "%7F", "%C2%85", "%", "%zz", "%c0%80", "%ED%A0%80", "%ff", "..%2f..%2fetc", ".", "..", "%F0%9F%98%80", "%27", "a%27%20or%20%271%27%20eq%20%271",
        "%20", "~", "%7C", "-1", "0", "99999999999999999999", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00%2B14:00", "2026-02-30", "NaN", "null", "C-1%0d%0aX-A:b", new('a', 2048), new('9', 400), Repeat("%F0%9F%98%80", 170),
    ];

    private static readonly string[] Headers =
    [
        "", " ", "\"", "\"3", "\"99999999999999999999\"", "W/\"3\"", "*", "-1", new('k', 201), new('k', 10_000), "é", "a,b", "\t", "null", "v1,", "v1,AAAA v1,%%%", "99999999999999999999", "0", "-62135596801",
    ];

    private static readonly string[] MediaTypes =
    [
        "text/plain", "application/json; charset=utf-16", "application/json; charset=nonsense", "application/xml", "application/vnd.iso8583+json", "multipart/form-data", "application/x-www-form-urlencoded", "x", new('m', 1000),
    ];

    /// <summary>As JSON text: half of them cannot be made of a <see cref="JsonNode"/>.</summary>
    private static readonly string[] Values =
    [
        "null", "true", "-1", "0", "1e400", "-1e400", "1e-400", "99999999999999999999", "0.12345678901234567890", "79228162514264337593543950335", "-9223372036854775808", "2147483647", "\"\"", "\"\\u0000\"", "\"a\\u0000b\"",
        "\"\\ud800\"", "\"\\udc00x\"", "[]", "{}", "[null]", "{\"\":null}", "{\"a\":1,\"a\":2}", "\"0001-01-01T00:00:00Z\"", "\"0001-01-01T00:00:00+14:00\"", "\"9999-12-31T23:59:59.9999999Z\"", "\"9999-12-31T23:59:59-14:00\"",
        "\"2026-02-30\"", "\"0000-00-00\"", "\"9999-12-31\"", "\"0001-01-01\"", "\"2026-11-20T12:00:00+99:00\"", "\"NaN\"", "\"Infinity\"", "\"P99999999999D\"", "\"P2000000000D\"", "\"PT9223372036854775807H\"", "\"P900Y\"", "\"9999-12-31T23:59:59Z\"", "\"-P1D\"", "\"1e999\"", "\"79228162514264337593543950336\"", "\" \"", "\"/\"",
        "\"a/b\\\\c#d?e\"", "\"\\ud83d\\ude00\"", "\"<script>\"", "\"{{x}}\"", "\"1 +\"", "\"4111111111111111\"", Nested(33), Nested(70), $"\"{new string('x', 70_000)}\"", $"[{Repeat("0,", 5000)}0]",
    ];

    private static readonly byte[][] Bodies =
    [
        [], "null"u8.ToArray(), "[]"u8.ToArray(), "{}"u8.ToArray(), "\"x\""u8.ToArray(), "1e400"u8.ToArray(), "{"u8.ToArray(), "[{}]"u8.ToArray(), "[null]"u8.ToArray(), "\uFEFF{}"u8.ToArray(), [0xFF, 0xFE], [0], "{\"a\":\"\xC3"u8.ToArray(),
        [.. "{\"a\":\""u8, 0xC3, 0x28, .. "\"}"u8], "{} {}"u8.ToArray(), "{\"a\":1,}"u8.ToArray(), "/* */{}"u8.ToArray(), "<a/>"u8.ToArray(), "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>"u8.ToArray(),
        Encoding.UTF8.GetBytes(Repeat("[", 10_000)), Encoding.UTF8.GetBytes(Repeat("{\"a\":", 10_000)), Encoding.UTF8.GetBytes($"\"{new string('x', 300_000)}\""),
    ];

    public string Segment() => Pick(Segments);

    public string Header() => Pick(Headers);

    public string MediaType() => Pick(MediaTypes);

    /// <summary>The body with one or a few places made wrong.</summary>
    public byte[] Body(JsonNode? sample)
    {
        if (sample is null || random.Below(6) == 0)
            return Pick(Bodies);

        var changed = sample.DeepClone();
        var marks = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var count = 1 + (random.Below(4) == 0 ? random.Below(3) : 0); count > 0; count--)
            Change(ref changed, marks);

        var text = marks.Aggregate(changed?.ToJsonString() ?? "null", (json, mark) => json.Replace($"\"{mark.Key}\"", mark.Value, StringComparison.Ordinal));
        var bytes = Encoding.UTF8.GetBytes(text);
        return random.Below(8) == 0 ? Damage(bytes) : bytes;
    }

    public T Pick<T>(IReadOnlyList<T> among) => among[random.Below(among.Count)];

    /// <summary>A place anywhere in the tree loses its value, gets another, or is told twice.</summary>
    private void Change(ref JsonNode? root, Dictionary<string, string> marks)
    {
        var places = new List<JsonNode>();
        Collect(root, places);
        if (places.Count == 0)
            return;

        var mark = string.Create(CultureInfo.InvariantCulture, $"mark-{marks.Count}");
        switch (Pick(places))
        {
            case JsonObject members when members.Count > 0 && random.Below(8) > 0:
                var name = members.ElementAt(random.Below(members.Count)).Key;
                if (random.Below(6) == 0)
                    members.Remove(name);
                else
                    (members[name], marks[mark]) = (mark, Pick(Values));
                break;
            case JsonObject members:
                (members[Pick<string>(["unknown", "", "__proto__", "a/b", "\0", new('n', 300)])], marks[mark]) = (mark, Pick(Values));
                break;
            case JsonArray items when items.Count > 0 && random.Below(3) > 0:
                (items[random.Below(items.Count)], marks[mark]) = (mark, Pick(Values));
                break;
            case JsonArray items:
                for (var copies = items.Count == 0 ? 0 : random.Below(300); copies > 0; copies--)
                    items.Add(items[0]?.DeepClone());
                break;
        }
    }

    private static void Collect(JsonNode? node, List<JsonNode> places)
    {
        if (node is JsonObject members)
        {
            places.Add(members);
            foreach (var (_, value) in members)
                Collect(value, places);
        }
        else if (node is JsonArray items)
        {
            places.Add(items);
            foreach (var value in items)
                Collect(value, places);
        }
    }

    private byte[] Damage(byte[] bytes)
    {
        if (bytes.Length < 2)
            return bytes;
        if (random.Below(2) == 0)
            return bytes[..random.Below(bytes.Length)];
        bytes[random.Below(bytes.Length)] = (byte)random.Below(256);
        return bytes;
    }

    private static string Nested(int levels) => $"{Repeat("[", levels)}{Repeat("]", levels)}";

    private static string Repeat(string text, int times) => new StringBuilder(text.Length * times).Insert(0, text, times).ToString();
}
