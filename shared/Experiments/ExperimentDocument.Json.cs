using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;
using ServerlessCLM.Customers;
using ServerlessCLM.Features;

namespace ServerlessCLM.Experiments;

/// <summary>Reads experiment documents; whatever is wrong is named by its JSON path.</summary>
public static class ExperimentDocuments
{
    public static readonly IReadOnlyList<string> Kinds = ["action", "strategy", "journey", "model", "message"];

    /// <summary>Outcomes by the name that documents use.</summary>
    private static readonly Dictionary<string, string> Outcomes = new(StringComparer.Ordinal)
    {
        ["impression"] = "impression", ["click"] = "click", ["accept"] = "accept", ["reject"] = "reject", ["convert"] = "convert",
        ["payment"] = "payment", ["complaint"] = "complaint", ["opt_out"] = "optOut",
    };

    /// <summary>The experiment, or everything that is wrong with the document.</summary>
    public static (ExperimentDocument? Experiment, IReadOnlyList<Rejection> Wrong) Read(ReadOnlySpan<byte> utf8)
    {
        JsonObject? root;
        try
        {
            root = StrictJson.Parse(utf8) as JsonObject;
        }
        catch (JsonException unusable)
        {
            return (null, [new Rejection("$", unusable.Message)]);
        }

        return root is null ? (null, [new Rejection("$", "must be a JSON object")]) : Read(root);
    }

    /// <inheritdoc cref="Read(ReadOnlySpan{byte})"/>
    public static (ExperimentDocument? Experiment, IReadOnlyList<Rejection> Wrong) Read(JsonObject root)
    {
        var wrong = new List<Rejection>();
        var top = new Members("", root, wrong);
        top.Only("$schema", "id", "version", "effective", "unit", "salt", "traffic", "varies", "arms", "control", "metric", "guardrails", "covariate", "from", "until", "decide");
        var unit = top.Text("unit");
        if (unit is not null && unit != "customer")
            top.Wrong("unit", "must be customer");

        var varies = top.Optional("varies", Text);
        if (varies is not null && !Kinds.Contains(varies))
            top.Wrong("varies", $"must be one of {string.Join(", ", Kinds)}");

        var covariate = top.Optional("covariate", Text);
        if (covariate is not null && FeatureCatalogue.IndexOf(covariate) < 0)
            top.Wrong("covariate", $"'{covariate}' is not in the feature catalogue");

        var arms = Arms(top);
        var control = top.Optional("control", Text) ?? "control";
        if (arms.Count > 0 && arms.TrueForAll(arm => arm.Name != control))
            top.Wrong("control", $"must name one of the arms {string.Join(", ", arms.Select(arm => arm.Name))}, not '{control}'");

        var (from, until) = (top.Optional("from", Moment), top.Optional("until", Moment));
        if (from is not null && until is not null && until <= from)
            top.Wrong("until", "must be later than from");

        var experiment = new ExperimentDocument(
            top.Name("id") ?? "", (int)(top.Number("version", 1, int.MaxValue, whole: true) ?? 0), top.Text("salt") ?? "",
            root.ContainsKey("traffic") ? top.Number("traffic", double.Epsilon, 1) ?? 0 : 1, arms, control,
            Metric(top.Object("metric"), guardrail: false), Guardrails(top), Decide(top.Object("decide")))
        {
            Varies = varies, Covariate = covariate, From = from, Until = until,
        };
        return wrong.Count == 0 ? (experiment, wrong) : (null, wrong);
    }

    private static List<ExperimentArm> Arms(Members top)
    {
        var arms = new List<ExperimentArm>();
        if (top.Object("arms") is not { } members)
            return arms;

        foreach (var (name, value) in members.Node)
        {
            members.NameRule(name);
            if (value is JsonObject)
            {
                var arm = members.Object(name)!.Value;
                arm.Only("share", "use");
                arms.Add(new ExperimentArm(name, arm.Number("share", double.Epsilon, 1) ?? 0, arm.Optional("use", Text)));
            }
            else
                arms.Add(new ExperimentArm(name, members.Number(name, double.Epsilon, 1) ?? 0, null));
        }

        if (arms.Count is < 2 or > 10)
            top.Wrong("arms", $"must be 2 to 10, not {arms.Count}");
        else if (Math.Abs(arms.Sum(arm => arm.Share) - 1) > 1e-9)
            top.Wrong("arms", string.Create(CultureInfo.InvariantCulture, $"must have shares that add up to 1, not {arms.Sum(arm => arm.Share):0.######}"));

        return arms;
    }

    private static List<Guardrail> Guardrails(Members top)
    {
        var guardrails = new List<Guardrail>();
        foreach (var each in top.Array("guardrails"))
        {
            var metric = Metric(each, guardrail: true);
            guardrails.Add(new Guardrail(metric, each.Number("worse", 0, 1e9) ?? 0));
        }

        return guardrails;
    }

    /// <summary>A metric: <c>goal</c>, <c>signal</c> or <c>outcome</c> by name; in a guardrail <c>metric</c> is short for an outcome.</summary>
    private static ExperimentMetric Metric(Members? given, bool guardrail)
    {
        if (given is not { } members)
            return new ExperimentMetric(MetricSource.Outcome, "", default, false);

        string[] own = guardrail ? ["worse", "metric"] : [];
        members.Only([.. own, "goal", "signal", "outcome", "window", "value"]);
        var named = ((string[])["goal", "signal", "outcome", "metric"]).Where(members.Node.ContainsKey).ToList();
        if (named.Count != 1)
            members.Wrong("", $"must name one of goal, signal{(guardrail ? ", outcome and metric" : " and outcome")}");

        var source = named.FirstOrDefault() switch { "goal" => MetricSource.Goal, "signal" => MetricSource.Signal, _ => MetricSource.Outcome };
        var happening = named.Count == 1 ? members.Text(named[0]) ?? "" : "";
        if (source == MetricSource.Outcome && named.Count == 1 && !Outcomes.TryGetValue(happening, out happening!))
        {
            members.Wrong(named[0], $"must be one of {string.Join(", ", Outcomes.Keys)}");
            happening = "";
        }

        var value = members.Optional("value", Text);
        if (value is not null && (value != "amount" || source != MetricSource.Outcome))
            members.Wrong("value", "must be amount, of an outcome");

        // A guardrail without a window looks for a week.
        var window = guardrail && !members.Node.ContainsKey("window") ? TimeSpan.FromDays(7) : members.Duration("window");
        return new ExperimentMetric(source, happening, window, value is not null);
    }

    private static DecisionRule Decide(Members? given)
    {
        if (given is not { } members)
            return new DecisionRule(default, 0, 0, 0, default, false, false);

        members.Only("method", "alpha", "units", "looks", "spending", "onWin", "onHarm");
        var method = members.Choice("method", "confidence-sequence", "group-sequential") == 1 ? DecisionMethod.GroupSequential : DecisionMethod.ConfidenceSequence;
        var grouped = method == DecisionMethod.GroupSequential;
        if (!grouped)
        {
            foreach (var name in (string[])["looks", "spending"])
            {
                if (members.Node.ContainsKey(name))
                    members.Wrong(name, "belongs to the method group-sequential");
            }
        }

        return new DecisionRule(
            method, members.Number("alpha", 1e-6, 0.2) ?? 0,
            (long)((members.Node.ContainsKey("units") || grouped ? members.Number("units", 2 * ConfidenceSequence.LeastUnits, 1e10, whole: true) : 10_000) ?? 0),
            grouped ? (int)(members.Number("looks", 2, 20, whole: true) ?? 0) : 0,
            grouped && members.Choice("spending", "obrien-fleming", "pocock") == 1 ? Spending.Pocock : Spending.ObrienFleming,
            members.Choice("onWin", "rollout", "keep") == 0, members.Choice("onHarm", "stop", "keep") == 0);
    }

    private static (string? Value, string Rule) Text(JsonNode node) =>
        (node.GetValueKind() == JsonValueKind.String && node.GetValue<string>() is { Length: > 0 and <= 200 } text ? text : null, "must be a text of 1 to 200 characters");

    private static (DateTimeOffset? Value, string Rule) Moment(JsonNode node) =>
        (Text(node).Value is { } text && Instant.TryParse(text, out var at) ? at : null, "must be an instant like 2027-01-01T00:00:00Z");

    /// <summary>The members of an object, and the list that whatever is wrong with them goes into.</summary>
    private readonly record struct Members(string Path, JsonObject Node, List<Rejection> Found)
    {
        public void Wrong(string name, string reason) => Found.Add(new Rejection(Of(name), reason));

        public void Only(params string[] names)
        {
            foreach (var (name, _) in Node)
            {
                if (!names.Contains(name))
                    Wrong(Rejection.Shorten(name, 64), $"is not a member here; there are {string.Join(", ", names)}");
            }
        }

        public string? Text(string name) => Required(name, ExperimentDocuments.Text);

        public string? Name(string name)
        {
            var text = Text(name);
            if (text is not null)
                NameRule(text, name);
            return text;
        }

        /// <summary>Names become parts of row keys.</summary>
        public void NameRule(string text, string? member = null)
        {
            if (text.Length is 0 or > 64 || !text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
                Wrong(member ?? Rejection.Shorten(text, 64), "must be a name of 1 to 64 letters, digits, '-', '_' and '.'");
        }

        public double? Number(string name, double least, double most, bool whole = false) => Required<double?>(name, node =>
        {
            var good = node.GetValueKind() == JsonValueKind.Number && node.AsValue().TryGetValue(out double number) && number >= least && number <= most
                && (!whole || number == Math.Floor(number));
            var low = least == double.Epsilon ? "above 0" : string.Create(CultureInfo.InvariantCulture, $"from {least}");
            return (good ? node.GetValue<double>() : null, string.Create(CultureInfo.InvariantCulture, $"must be a {(whole ? "whole " : "")}number {low} to {most}"));
        });

        public TimeSpan Duration(string name) => Required<TimeSpan?>(name, node =>
        {
            const string Rule = "must be a duration like P14D or PT6H, from one minute to 366 days";
            try
            {
                var length = XmlConvert.ToTimeSpan(ExperimentDocuments.Text(node).Value ?? "");
                return (length >= TimeSpan.FromMinutes(1) && length <= TimeSpan.FromDays(366) ? length : null, Rule);
            }
            catch (Exception malformed) when (malformed is FormatException or OverflowException)
            {
                return (null, Rule);
            }
        }) ?? default;

        /// <summary>Place of the text among those allowed; the first one where the member is missing and may be.</summary>
        public int Choice(string name, params string[] allowed)
        {
            if (!Node.ContainsKey(name) && name != "method")
                return 0;

            var at = System.Array.IndexOf(allowed, Text(name));
            if (at < 0)
                Wrong(name, $"must be {string.Join(" or ", allowed)}");
            return at;
        }

        public T? Optional<T>(string name, Func<JsonNode, (T? Value, string Rule)> read)
        {
            if (Node[name] is not { } node)
                return default;

            var (value, rule) = read(node);
            if (value is null)
                Wrong(name, rule);
            return value;
        }

        public Members? Object(string name) =>
            Required<JsonObject>(name, node => (node as JsonObject, "must be an object")) is { } node ? new Members(Of(name), node, Found) : null;

        public IEnumerable<Members> Array(string name)
        {
            if (Optional<JsonArray>(name, node => (node as JsonArray, "must be an array")) is not { } array)
                yield break;

            for (var i = 0; i < array.Count; i++)
            {
                if (array[i] is JsonObject each)
                    yield return new Members($"{Of(name)}[{i}]", each, Found);
                else
                    Wrong($"{name}[{i}]", "must be an object");
            }
        }

        private T? Required<T>(string name, Func<JsonNode, (T? Value, string Rule)> read)
        {
            if (Node[name] is not null)
                return Optional(name, read);

            Wrong(name, "is required");
            return default;
        }

        private string Of(string name) => Path.Length == 0 ? name.Length == 0 ? "$" : name : name.Length == 0 ? Path : $"{Path}.{name}";
    }
}
