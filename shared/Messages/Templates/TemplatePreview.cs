using ServerlessCLM.Messages.Proof;

namespace ServerlessCLM.Messages.Templates;

/// <summary>How a text looks to a sample customer, and what the checks say of it.</summary>
/// <param name="Text">Of the template.</param>
/// <param name="Sample">Name of the sample.</param>
/// <param name="Subject">With its placeholders filled.</param>
/// <param name="Body">With its placeholders filled.</param>
/// <param name="Proof">Of the text before they were.</param>
public sealed record TemplatePreview(TemplateText Text, string Sample, string? Subject, string Body, ProofResult Proof)
{
    private const string Sparse = "no optional facts";

    /// <summary>The day on which samples are sent.</summary>
    private static readonly DateOnly SendDate = new(2027, 3, 10);

    public bool Accepted => Proof.Accepted;

    /// <summary>
    /// Every text for every sample customer, once more without any optional fact, and for all but marketing as to vulnerable people, who are
    /// told things more strictly.
    /// </summary>
    /// <param name="template">With samples that its kind has passed.</param>
    public static IEnumerable<TemplatePreview> Of(TemplateDocument template)
    {
        var own = template.Samples[0].Values;
        var optional = template.Facts.Where(fact => fact.Optional).Select(fact => fact.Name).ToList();
        List<(string Name, List<Fact> Facts)> samples = [.. template.Samples.Select(sample => (sample.Name, FactsOf(template, name =>
            sample.Values.TryGetValue(name, out var value) ? value : own.GetValueOrDefault(name))))];
        if (optional.Count > 0)
            samples.Add((Sparse, FactsOf(template, name => optional.Contains(name) ? null : own.GetValueOrDefault(name))));

        foreach (var text in template.Texts)
        {
            foreach (var (name, facts) in samples)
            {
                var (assignment, fault) = template.Compose(new Occasion("preview", text.Channel, text.Language, SendDate, template.Purpose != "marketing", facts));
                if (assignment is not { Brief: var brief, Template: var draft })
                    throw new ArgumentException(fault.ToString(), nameof(template));

                yield return new TemplatePreview(text, name, draft.Subject is { } subject ? Filling.Fill(subject, brief) : null,
                    Filling.Fill(draft.Body, brief), MessageProof.Prove(brief, draft));
            }
        }
    }

    private static List<Fact> FactsOf(TemplateDocument template, Func<string, System.Text.Json.Nodes.JsonNode?> value) =>
        [.. template.Facts.SelectMany(fact => fact.ReadAll(value(fact.Name)) ?? [])];
}
