using System.Text.Json.Nodes;

namespace ServerlessCLM.Documents;

/// <summary>A kind of document: its schema, and what a schema cannot say.</summary>
/// <param name="name">Singular: <c>strategy</c>. The schema is the resource <c>strategy.schema.json</c>.</param>
/// <param name="collection">Plural, in routes: <c>strategies</c>.</param>
public abstract class DocumentKind(string name, string collection)
{
    public string Name { get; } = name;

    public string Collection { get; } = collection;

    public DocumentSchema Schema { get; } = DocumentSchema.OfKind(name);

    /// <summary>Everything that is wrong with a document or worth a look.</summary>
    public IReadOnlyList<Finding> Check(JsonNode? document) => Checked(document).All;

    /// <summary>As <see cref="Check"/>; where that finds no error, what the document names is looked for as well.</summary>
    public async Task<IReadOnlyList<Finding>> CheckAsync(JsonNode? document, CancellationToken cancellation)
    {
        var findings = Checked(document);
        if (!findings.HasErrors)
            await CheckReferencesAsync(document!.AsObject(), findings, cancellation);
        return findings.All;
    }

    /// <summary>Finds names of other documents that are not there.</summary>
    /// <param name="document">One without errors of its own.</param>
    /// <param name="findings">Where to put what is found.</param>
    /// <param name="cancellation">Stops it.</param>
    protected virtual Task CheckReferencesAsync(JsonObject document, Findings findings, CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>Finds what the schema cannot: names, types and rules that contradict each other.</summary>
    /// <param name="document">As the schema says.</param>
    /// <param name="findings">Where to put what is found.</param>
    protected abstract void CheckMeaning(JsonObject document, Findings findings);

    private Findings Checked(JsonNode? document)
    {
        var findings = new Findings();
        Schema.Check(document, findings);
        if (!findings.HasErrors)
            CheckMeaning(document!.AsObject(), findings);
        return findings;
    }
}
