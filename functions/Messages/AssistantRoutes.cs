using Microsoft.AspNetCore.Http;
using ServerlessCLM.Customers;
using ServerlessCLM.Functions.Customers;
using ServerlessCLM.Functions.Http;
using ServerlessCLM.Messages;
using ServerlessCLM.Messages.Assistant;

namespace ServerlessCLM.Functions.Messages;

/// <summary>A customer's question.</summary>
/// <param name="Id">The caller's id of it: asked again, it gets the same answer.</param>
/// <param name="Question">As the customer put it.</param>
/// <param name="Language">Expected; the profile's where it is not given.</param>
public sealed record QuestionRequest(string Id, string Question, string? Language = null);

/// <summary>The assistant for customers, and the brief for people who call them.</summary>
public sealed class AssistantRoutes(CustomerAssistant assistant, CustomerStore store, CustomerReference names, TimeProvider time)
{
    /// <remarks>Where it is not sure it says that a person will answer, why, and raises assistant_handed_over.</remarks>
    [Function("AskAssistant")]
    public async Task<IResult> AskAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "customers/{customerId}/assistant")] HttpRequest request, string customerId, CancellationToken cancellation)
    {
        if (!names.TryResolve(customerId, out var customer))
            return Problems.Invalid("customerId", CustomerId.Rule);

        var (asked, problem) = await Bodies.ReadAsync(request, MessageHttpJson.Default.QuestionRequest, cancellation, 16 * 1024);
        if (problem is not null)
            return problem;
        if (BriefRules.IdFault(asked!.Id) is { } unfit)
            return Problems.Invalid("id", unfit);
        if (asked.Question.Trim().Length is 0 or > CustomerAssistant.MaxQuestion)
            return Problems.Invalid("question", $"must have 1 to {CustomerAssistant.MaxQuestion} characters");
        if (asked.Language is { } language && !BriefRules.Languages.Contains(language))
            return Problems.Invalid("language", $"must be one of {string.Join(", ", BriefRules.Languages)}");

        return await MessageProblems.OrAsync(async () => await assistant.AskAsync(customer, asked.Id, asked.Question, asked.Language, cancellation) is { } answer
            ? Results.Json(answer, AssistantJson.Default.AssistantAnswer)
            : Problems.NotFound("the customer is unknown"));
    }

    /// <remarks>Facts, what happened lately, and how to go about a call, each piece of advice with its reason.</remarks>
    [Function("GetCallBrief")]
    public async Task<IResult> BriefAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "customers/{customerId}/brief")] HttpRequest request, string customerId, CancellationToken cancellation)
    {
        if (!names.TryResolve(customerId, out var customer))
            return Problems.Invalid("customerId", CustomerId.Rule);

        return await store.ReadAsync(customer, cancellation) is { Erased: null } partition
            ? JsonAnswer.Of(CallBrief.Of(partition, time.GetUtcNow()))
            : Problems.NotFound("the customer is unknown");
    }
}
