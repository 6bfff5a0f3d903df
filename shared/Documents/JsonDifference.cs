using System.Text.Json;
using System.Text.Json.Nodes;

namespace ServerlessCLM.Documents;

/// <summary>One place where two documents differ.</summary>
/// <param name="Path">JSON path; items that have an <c>id</c> are named by it, not by their place.</param>
/// <param name="From">Value in the first; null where it has none, or where it is JSON's null.</param>
/// <param name="To">Value in the second.</param>
public sealed record JsonChange(string Path, JsonChangeKind Kind, JsonNode? From, JsonNode? To);

public enum JsonChangeKind { Added, Removed, Replaced, Reordered }

/// <summary>Compares documents by their structure: what a reviewer must look at, and nothing else.</summary>
public static class JsonDifference
{
    /// <summary>Every difference, in the order of the second document, removals first.</summary>
    public static IReadOnlyList<JsonChange> Between(JsonNode? from, JsonNode? to)
    {
        var changes = new List<JsonChange>();
        Compare(JsonPath.Root, from, to, changes);
        return changes;
    }

    private static void Compare(string path, JsonNode? from, JsonNode? to, List<JsonChange> changes)
    {
        if (JsonNode.DeepEquals(from, to))
            return;

        if (from is JsonObject one && to is JsonObject other)
            CompareMembers(path, Members(one), Members(other), JsonPath.Member, changes);
        else if (from is JsonArray were && to is JsonArray are && ById(were) is { } old && ById(are) is { } current)
        {
            CompareMembers(path, old, current, JsonPath.ItemById, changes);
            var (before, now) = (Shared(old, current), Shared(current, old));
            if (!before.SequenceEqual(now))
                changes.Add(new(path, JsonChangeKind.Reordered, Names(before), Names(now)));
        }
        else if (from is JsonArray first && to is JsonArray second)
        {
            for (var place = 0; place < Math.Max(first.Count, second.Count); place++)
            {
                var at = JsonPath.Item(path, place);
                if (place >= second.Count)
                    changes.Add(new(at, JsonChangeKind.Removed, first[place], null));
                else if (place >= first.Count)
                    changes.Add(new(at, JsonChangeKind.Added, null, second[place]));
                else
                    Compare(at, first[place], second[place], changes);
            }
        }
        else
            changes.Add(new(path, JsonChangeKind.Replaced, from, to));
    }

    private static void CompareMembers(
        string path, List<(string Name, JsonNode? Value)> from, List<(string Name, JsonNode? Value)> to, Func<string, string, string> at, List<JsonChange> changes)
    {
        var (old, current) = (from.ToDictionary(member => member.Name, member => member.Value), to.ToDictionary(member => member.Name, member => member.Value));
        foreach (var (name, value) in from)
        {
            if (!current.ContainsKey(name))
                changes.Add(new(at(path, name), JsonChangeKind.Removed, value, null));
        }

        foreach (var (name, value) in to)
        {
            if (old.TryGetValue(name, out var before))
                Compare(at(path, name), before, value, changes);
            else
                changes.Add(new(at(path, name), JsonChangeKind.Added, null, value));
        }
    }

    private static List<(string Name, JsonNode? Value)> Members(JsonObject members) => [.. members.Select(member => (member.Key, member.Value))];

    /// <summary>The items by id; null unless all are objects with ids of their own.</summary>
    private static List<(string Name, JsonNode? Value)>? ById(JsonArray items)
    {
        var named = new List<(string Name, JsonNode? Value)>(items.Count);
        foreach (var item in items)
        {
            if (item is not JsonObject members || members["id"] is not JsonValue id || id.GetValueKind() != JsonValueKind.String)
                return null;
            named.Add(((string)id!, item));
        }

        return named.Count == named.DistinctBy(item => item.Name).Count() ? named : null;
    }

    /// <summary>Ids of the items that both have, in the order of the first.</summary>
    private static List<string> Shared(List<(string Name, JsonNode? Value)> items, List<(string Name, JsonNode? Value)> others)
    {
        var known = others.Select(item => item.Name).ToHashSet(StringComparer.Ordinal);
        return [.. items.Select(item => item.Name).Where(known.Contains)];
    }

    private static JsonArray Names(IEnumerable<string> names) => [.. names.Select(name => (JsonNode)name)];
}
