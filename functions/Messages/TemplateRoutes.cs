using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using ServerlessCLM.Customers;
using ServerlessCLM.Documents;
using ServerlessCLM.Functions.Customers;
using ServerlessCLM.Functions.Http;
using ServerlessCLM.Messages;
using ServerlessCLM.Messages.Drafting;
using ServerlessCLM.Messages.Templates;

namespace ServerlessCLM.Functions.Messages;

/// <summary>What is to be written by a template.</summary>
/// <param name="Template">Id of a template in force.</param>
/// <param name="Channel">Where the message goes.</param>
/// <param name="Facts">What it may say.</param>
public sealed record TemplateRequest(string Template, MessageChannel Channel, IReadOnlyList<Fact>? Facts = null);

/// <summary>Templates over HTTP: which are in force, how they look, and a message written by one. They change as documents do.</summary>
public sealed class TemplateRoutes(TemplateLibrary templates, IEnumerable<DocumentKind> kinds, MessageWriting writing, CustomerReference names)
{
    private readonly DocumentKind _kind = kinds.Single(kind => kind.Name == "template");

    /// <remarks>Those that come with the product, and the institution's own in their place.</remarks>
    [Function("ListTemplates")]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "messages/templates")] HttpRequest request, CancellationToken cancellation)
    {
        var all = await templates.GetAsync(cancellation);
        return JsonAnswer.Of(new JsonObject
        {
            ["templates"] = new JsonArray([.. all.Values.OrderBy(template => template.Id, StringComparer.Ordinal).Select(template => (JsonNode)new JsonObject
            {
                ["id"] = template.Id, ["version"] = template.Version, ["purpose"] = template.Purpose, ["topic"] = template.Topic,
                ["languages"] = new JsonArray([.. template.Languages.Select(language => (JsonNode)language)]),
                ["channels"] = new JsonArray([.. template.Texts.Select(text => text.Channel).Distinct().Select(channel => (JsonNode)Name(channel))]),
                ["facts"] = new JsonArray([.. template.Facts.Select(fact => (JsonNode)new JsonObject
                {
                    ["name"] = fact.Name, ["kind"] = JsonNamingPolicy.CamelCase.ConvertName(fact.Kind.ToString()), ["optional"] = fact.Optional,
                })]),
            })]),
        });
    }

    /// <remarks>Every text as its sample customers would get it, with what the checks say: of the document in the body, or of the template in force.</remarks>
    [Function("PreviewTemplate")]
    public async Task<IResult> PreviewAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "messages/templates/{id}/preview")] HttpRequest request, string id, CancellationToken cancellation)
    {
        TemplateDocument? template;
        if (request.ContentLength is > 0 || request.Headers.TransferEncoding.Count > 0)
        {
            var (document, problem) = await Bodies.ReadObjectAsync(request, cancellation, DocumentStore.MaxSize);
            if (problem is not null)
                return problem;

            // Texts that fail their proof are what a preview is for; what cannot be read has none.
            var findings = _kind.Check(document);
            if (findings.FirstOrDefault(finding => !finding.IsWarning && !finding.Reason.StartsWith(TemplateKind.ProofFailure, StringComparison.Ordinal)) is not null)
                return Problems.Invalid(findings);
            template = TemplateDocument.Read(document!);
        }
        else if ((template = await templates.FindAsync(id, cancellation)) is null)
            return Problems.NotFound($"there is no template {id} in force");

        return JsonAnswer.Of(new JsonObject
        {
            ["template"] = template.Name,
            ["texts"] = new JsonArray([.. TemplatePreview.Of(template).Select(preview => (JsonNode)Describe(preview))]),
        });
    }

    /// <remarks>The message id makes it idempotent. Where the facts do not do, 400 names the fact.</remarks>
    [Function("WriteMessage")]
    public async Task<IResult> WriteAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "customers/{customerId}/messages/{messageId}")] HttpRequest request,
        string customerId, string messageId, CancellationToken cancellation)
    {
        if (!names.TryResolve(customerId, out var customer))
            return Problems.Invalid("customerId", CustomerId.Rule);

        var (asked, problem) = await Bodies.ReadAsync(request, MessageHttpJson.Default.TemplateRequest, cancellation);
        if (problem is not null)
            return problem;

        return await MessageProblems.OrAsync(async () =>
        {
            var (record, fault) = await writing.WriteAsync(customer, new WritingRequest(messageId, asked!.Template, asked.Channel, asked.Facts ?? []) { AskedBy = Principals.NameIn(request) }, cancellation);
            return fault is { } wrong ? Problems.Invalid(wrong) : MessageRoutes.Describe(record!);
        });
    }

    private static JsonObject Describe(TemplatePreview preview) => new()
    {
        ["language"] = preview.Text.Language, ["channel"] = Name(preview.Text.Channel), ["sample"] = preview.Sample,
        ["subject"] = preview.Subject, ["body"] = preview.Body, ["accepted"] = preview.Accepted,
        ["refusals"] = new JsonArray([.. preview.Proof.Refusals.Select(refusal => (JsonNode)new JsonObject
        {
            ["check"] = refusal.Check, ["reason"] = refusal.Reason, ["evidence"] = refusal.Evidence,
        })]),
    };

    private static string Name(MessageChannel channel) => JsonNamingPolicy.CamelCase.ConvertName(channel.ToString());
}
