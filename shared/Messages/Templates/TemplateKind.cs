using System.Text.Json.Nodes;
using ServerlessCLM.Conditions;
using ServerlessCLM.Documents;
using ServerlessCLM.Messages.Proof;

namespace ServerlessCLM.Messages.Templates;

/// <summary>Message templates as documents: what a text names is declared, and every text passes its own proof with every sample customer.</summary>
public sealed class TemplateKind() : DocumentKind("template", "templates")
{
    /// <summary>How the reason of a finding begins that is about the words alone: the template can be read and previewed.</summary>
    public const string ProofFailure = "fails its proof";

    protected override void CheckMeaning(JsonObject document, Findings findings)
    {
        var template = TemplateDocument.Read(document);
        CheckFacts(document, template, findings);
        CheckPurpose(document, template, findings);
        foreach (var text in template.Texts)
        {
            var path = PathOf(text);
            CheckText(template, text.Body, $"{path}.body", findings);
            if (text.Subject is { } subject)
                CheckText(template, subject, $"{path}.subject", findings);
        }

        CheckSamples(template, findings);
        if (!findings.HasErrors)
            CheckProofs(template, findings);
    }

    private static void CheckFacts(JsonObject document, TemplateDocument template, Findings findings)
    {
        foreach (var fact in template.Facts)
        {
            var declared = document["facts"]![fact.Name]!.AsObject();
            var path = JsonPath.Member("$.facts", fact.Name);
            if (declared.ContainsKey("of") != (fact.Kind == FactKind.List))
                findings.Error($"{path}.of", fact.Kind == FactKind.List ? "is required of a list: the members of its items" : "only a list has");
            if (declared.ContainsKey("unit") && fact.Kind != FactKind.Count)
                findings.Error($"{path}.unit", "only a count has");
            if (fact.Name is "if" or "else" or "each")
                findings.Error(path, "is a word of the template language; take another name");
        }
    }

    private static void CheckPurpose(JsonObject document, TemplateDocument template, Findings findings)
    {
        foreach (var language in template.Languages)
        {
            if (template.Purpose == "marketing" && !template.OptOut.ContainsKey(language) && template.Texts.Any(text => text.Language == language && Composition.NeedsOptOut(text.Channel)))
                findings.Error($"$.optOut.{language}", "is required: an e-mail, SMS or letter of marketing says how to end them");
            if (template.Disclosures.Count > 0 && !template.Disclosures.ContainsKey(language))
                findings.Error($"$.disclosures.{language}", "is required: other languages have disclosures");
            if (template.AutomationLabel.Count > 0 && !template.AutomationLabel.ContainsKey(language))
                findings.Error($"$.automationLabel.{language}", "is required: other languages have the label");
        }

        if (template.Purpose is "arrears" or "collections")
        {
            for (var place = 0; place < template.AllowedClaims.Count; place++)
            {
                if (template.AllowedClaims[place] is ClaimKind.Urgency or ClaimKind.Threat)
                    findings.Error(JsonPath.Item("$.allowedClaims", place), $"is not allowed in a message about {template.Purpose}: people in arrears are neither hurried nor threatened");
            }
        }

        foreach (var text in template.Texts)
        {
            if (template.Texts.FirstOrDefault(other => other.Language == template.Texts[0].Language && other.Channel == text.Channel) is null)
                findings.Warning(PathOf(text), $"customers of other languages get no {text.Channel}: {template.Texts[0].Language} has no words for it");
        }

        if (document["samples"]?.AsObject().ContainsKey("sample") == true)
            findings.Error("$.samples.sample", "is the name of the samples of the facts; take another");
    }

    /// <summary>A text that cannot be read, or that names what is not there.</summary>
    private static void CheckText(TemplateDocument template, string text, string path, Findings findings)
    {
        try
        {
            new Names(template, path, findings).Check(TemplateSyntax.Parse(text), []);
        }
        catch (TemplateSyntaxException wrong)
        {
            findings.Error(path, wrong.Message, wrong.Position);
        }
    }

    private static void CheckSamples(TemplateDocument template, Findings findings)
    {
        foreach (var sample in template.Samples)
        {
            foreach (var (name, value) in sample.Values)
            {
                var path = sample == template.Samples[0] ? JsonPath.Member(JsonPath.Member("$.facts", name), "sample") : JsonPath.Member(JsonPath.Member("$.samples", sample.Name), name);
                if (template.Facts.FirstOrDefault(fact => fact.Name == name) is not { } declared)
                    findings.Error(path, $"is no fact of the template{NearestName.Hint(name, template.Facts.Select(fact => fact.Name))}");
                else if (value is null && !declared.Optional)
                    findings.Error(path, "must have a value: the fact is not optional");
                else if (value is not null && declared.ReadAll(value) is null)
                    findings.Error(path, $"must be {declared.Form}");
            }
        }
    }

    private static void CheckProofs(TemplateDocument template, Findings findings)
    {
        foreach (var preview in TemplatePreview.Of(template).Where(preview => !preview.Accepted))
        {
            var refusal = preview.Proof.Refusals.First();
            findings.Error(PathOf(preview.Text), $"{ProofFailure} with {preview.Sample}: {refusal.Check}: {(refusal.Evidence is { } evidence ? $"\"{evidence}\" " : "")}{refusal.Reason}");
        }
    }

    private static string PathOf(TemplateText text) => $"$.texts.{text.Language}.{System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(text.Channel.ToString())}";

    /// <summary>Names in a text, by what is known where they stand.</summary>
    private sealed class Names(TemplateDocument template, string path, Findings findings)
    {
        public void Check(IReadOnlyList<TemplateNode> nodes, IReadOnlyList<string> sure, DeclaredFact? list = null)
        {
            foreach (var node in nodes)
            {
                switch (node)
                {
                    case TemplatePlace place when Find(place.Name, place.Position, list) is { } fact:
                        if (fact.Kind == FactKind.List)
                            findings.Error(path, $"{fact.Name} is a list: go through it with {{{{#each {fact.Name}}}}}", place.Position);
                        else if (fact.Optional && !sure.Contains(fact.Name))
                            findings.Error(path, $"{fact.Name} is optional: it must stand between {{{{#if {fact.Name}}}}} and {{{{/if}}}}", place.Position);
                        break;
                    case TemplateChoice choice when Find(choice.Name, choice.Position, list) is { } fact:
                        if (choice.Count is not null && fact.Kind != FactKind.Count)
                            findings.Error(path, $"{fact.Name} is no count: only a count can be compared", choice.Position);
                        if (choice.Count is null && !fact.Optional)
                            findings.Warning(path, $"{fact.Name} is always there", choice.Position);
                        Check(choice.Then, [.. sure, fact.Name], list);
                        Check(choice.Else, sure, list);
                        break;
                    case TemplateLoop loop when Find(loop.List, loop.Position, list) is { } fact:
                        if (fact.Kind != FactKind.List || list is not null)
                            findings.Error(path, list is null ? $"{fact.Name} is no list" : "a list cannot be gone through within another", loop.Position);
                        else
                            Check(loop.Body, sure, fact);
                        break;
                    default:
                        break;
                }
            }
        }

        private DeclaredFact? Find(string name, int position, DeclaredFact? list)
        {
            var known = (list?.Members ?? []).Concat(template.Facts);
            if (known.FirstOrDefault(fact => fact.Name == name) is { } found)
                return found;

            findings.Error(path, $"{name} is no fact of the template{NearestName.Hint(name, known.Select(fact => fact.Name))}", position);
            return null;
        }
    }
}
