using Microsoft.AspNetCore.Http;
using ServerlessCLM.Documents;

namespace ServerlessCLM.Functions.Http;

/// <summary>Errors as RFC 9457 problem details that name the field and the reason.</summary>
internal static class Problems
{
    public static IResult Invalid(string field, string reason, int status = StatusCodes.Status400BadRequest) =>
        Results.Problem(detail: $"{field}: {reason}", statusCode: status, title: "The request cannot be taken",
            extensions: new Dictionary<string, object?> { ["field"] = field, ["reason"] = reason });

    public static IResult Invalid(Rejection rejection, int status = StatusCodes.Status400BadRequest) => Invalid(rejection.Field, rejection.Reason, status);

    public static IResult NotFound(string detail) =>
        Results.Problem(detail: detail, statusCode: StatusCodes.Status404NotFound, title: "Not found");

    public static IResult Conflict(string detail) =>
        Results.Problem(detail: detail, statusCode: StatusCodes.Status409Conflict, title: "Conflict");

    public static IResult Stale(string detail) =>
        Results.Problem(detail: detail, statusCode: StatusCodes.Status412PreconditionFailed, title: "The version is stale");

    /// <summary>Who makes the request is not known.</summary>
    public static IResult Unauthenticated(string detail) =>
        Results.Problem(detail: detail, statusCode: StatusCodes.Status401Unauthorized, title: "Who makes the request is not known");

    /// <summary>A document that has errors, all of them.</summary>
    public static IResult Invalid(IReadOnlyList<Finding> findings)
    {
        var first = findings.First(finding => !finding.IsWarning);
        return Results.Problem(detail: $"{first.Path}: {first.Reason}", statusCode: StatusCodes.Status400BadRequest, title: "The document has errors",
            extensions: new Dictionary<string, object?> { ["field"] = first.Path, ["reason"] = first.Reason, ["findings"] = findings });
    }

    /// <summary>A step on a document that its state does not allow.</summary>
    public static IResult Refused(DocumentRefusedException refused)
    {
        var (status, title) = refused.Refusal switch
        {
            DocumentRefusal.NotFound => (StatusCodes.Status404NotFound, "Not found"),
            DocumentRefusal.Stale => (StatusCodes.Status412PreconditionFailed, "The version is stale"),
            DocumentRefusal.SamePrincipal => (StatusCodes.Status403Forbidden, "Four eyes are needed"),
            _ => (StatusCodes.Status409Conflict, "Conflict"),
        };
        return Results.Problem(detail: $"{refused.Field}: {refused.Reason}", statusCode: status, title: title,
            extensions: new Dictionary<string, object?> { ["field"] = refused.Field, ["reason"] = refused.Reason });
    }
}
