using ServerlessCLM.Conditions;
using ServerlessCLM.Documents;

namespace ServerlessCLM.Journeys;

/// <summary>Looks at the ways between nodes: every node is reached, every way ends, and only a loop with a bound goes round.</summary>
/// <remarks>
/// Without the edges by which loops begin a round, the graph has no cycle. So a customer goes round only by such edges, and each loop counts its own: a
/// count begins anew only after the loop was left, which leads on. Hence every journey ends.
/// </remarks>
internal static class JourneyGraph
{
    public static void Check(JourneyDocument journey, Findings findings)
    {
        if (!journey.Nodes.ContainsKey(journey.Start))
            findings.Error("$.start", Unknown(journey.Start, journey));

        foreach (var (name, node) in journey.Nodes)
        {
            foreach (var edge in node.Edges)
            {
                if (!journey.Nodes.ContainsKey(edge.To))
                    findings.Error($"{PathOf(name)}.{edge.Path}", Unknown(edge.To, journey));
            }
        }

        if (findings.HasErrors)
            return;

        CheckReached(journey, findings);
        CheckEnds(journey, findings);
        CheckCycles(journey, findings);
        CheckLoops(journey, findings);
    }

    public static string PathOf(string node) => JsonPath.Member("$.nodes", node);

    private static void CheckReached(JourneyDocument journey, Findings findings)
    {
        var reached = Reached(journey, journey.Start);
        foreach (var name in journey.Nodes.Keys.Where(name => !reached.Contains(name)))
            findings.Error(PathOf(name), "is never reached: no way leads here from the start");
    }

    private static void CheckEnds(JourneyDocument journey, Findings findings)
    {
        if (!journey.Nodes.Values.Any(node => node.Edges.Count == 0))
        {
            findings.Error("$.nodes", "must have an end: a node with end, exit or goal");
            return;
        }

        // From the ends backwards: what is not found has no way to any of them.
        var ending = journey.Nodes.Where(node => node.Value.Edges.Count == 0).Select(node => node.Key).ToHashSet(StringComparer.Ordinal);
        for (var found = true; found;)
        {
            found = false;
            foreach (var (name, node) in journey.Nodes)
                found |= node.Edges.Any(edge => ending.Contains(edge.To)) && ending.Add(name);
        }

        foreach (var name in journey.Nodes.Keys.Where(name => !ending.Contains(name)))
            findings.Error(PathOf(name), "no way leads from here to an end");
    }

    /// <summary>Finds a cycle that no loop bounds, by walking depth first; each node is looked at once.</summary>
    private static void CheckCycles(JourneyDocument journey, Findings findings)
    {
        var done = new HashSet<string>(StringComparer.Ordinal);
        foreach (var from in journey.Nodes.Keys)
        {
            var (way, open) = (new Stack<(string Node, IEnumerator<JourneyEdge> Edges)>(), new HashSet<string>(StringComparer.Ordinal));
            Enter(from);
            while (way.TryPeek(out var at))
            {
                if (!at.Edges.MoveNext())
                {
                    done.Add(at.Node);
                    open.Remove(at.Node);
                    way.Pop();
                    continue;
                }

                var edge = at.Edges.Current;
                if (open.Contains(edge.To))
                {
                    var cycle = way.Select(step => step.Node).TakeWhile(node => node != edge.To).Append(edge.To).Reverse().Append(edge.To);
                    findings.Error($"{PathOf(at.Node)}.{edge.Path}", $"goes round without end: {string.Join(" → ", cycle)}; go round by a node with loop and times");
                    return;
                }

                Enter(edge.To);
            }

            void Enter(string name)
            {
                if (done.Contains(name) || !open.Add(name))
                    return;
                way.Push((name, journey.Nodes[name].Edges.Where(edge => journey.Nodes[name] is not LoopNode || edge.Path != "loop").GetEnumerator()));
            }
        }
    }

    private static void CheckLoops(JourneyDocument journey, Findings findings)
    {
        foreach (var (name, node) in journey.Nodes)
        {
            if (node is not LoopNode loop)
                continue;

            // The body of a loop may be another loop, but in the end there is something to go round for.
            var (body, seen) = (loop.Loop, new HashSet<string>(StringComparer.Ordinal) { name });
            while (journey.Nodes[body] is LoopNode inner && seen.Add(body))
                body = inner.Loop;
            if (journey.Nodes[body] is LoopNode)
                findings.Error($"{PathOf(name)}.loop", "must lead to a step: loops alone do nothing");
            else if (!Reached(journey, loop.Loop).Contains(name))
                findings.Warning($"{PathOf(name)}.loop", "no round comes back to the loop, so that there is one at the most");
        }
    }

    /// <summary>Nodes that ways lead to from a node, itself included.</summary>
    public static HashSet<string> Reached(JourneyDocument journey, string from)
    {
        var reached = new HashSet<string>(StringComparer.Ordinal) { from };
        var next = new Queue<string>([from]);
        while (next.TryDequeue(out var name))
        {
            foreach (var edge in journey.Nodes[name].Edges)
            {
                if (reached.Add(edge.To))
                    next.Enqueue(edge.To);
            }
        }

        return reached;
    }

    private static string Unknown(string name, JourneyDocument journey) => $"there is no node {name}{NearestName.Hint(name, journey.Nodes.Keys)}";
}
