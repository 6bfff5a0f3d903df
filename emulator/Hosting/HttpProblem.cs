using Microsoft.AspNetCore.Http;

namespace ServerlessCLM.Emulator;

/// <summary>The host's own error answers: RFC 9457 problem details. They do not repeat the address, which may have a customer's id in it.</summary>
internal static class HttpProblem
{
    public static Task WriteAsync(HttpContext http, int status, string title, string detail, string? invocationId = null) =>
        Results.Problem(
            detail,
            instance: null,
            status,
            title,
            extensions: invocationId is null ? null : new Dictionary<string, object?> { ["invocationId"] = invocationId }).ExecuteAsync(http);

    /// <summary>Answers where nothing did: an unknown route, a method that the route does not take, a body that cannot be read.</summary>
    public static async Task FillEmptyAsync(HttpContext http, RequestDelegate next)
    {
        try
        {
            await next(http);
        }
        catch (BadHttpRequestException wrong) when (!http.Response.HasStarted)
        {
            http.Response.Clear();
            await WriteAsync(http, wrong.StatusCode, "The request cannot be read.", wrong.Message);
        }

        if (http.Response.HasStarted || http.GetEndpoint()?.Metadata.GetMetadata<FunctionDescriptor>() is not null)
            return;
        if (http.Response.StatusCode == StatusCodes.Status405MethodNotAllowed)
            await WriteAsync(http, 405, "The method is not allowed.", $"This route answers {http.Response.Headers.Allow}, not {http.Request.Method}.");
        else if (http.Response.StatusCode == StatusCodes.Status404NotFound)
            await WriteAsync(http, 404, "There is nothing here.", "No function answers this route.");
    }

    /// <summary>Answers 401 and returns false when the request's key does not open that level.</summary>
    public static async ValueTask<bool> AuthorizeAsync(HttpContext http, HostKeys keys, AuthorizationLevel level)
    {
        var key = http.Request.Headers["x-functions-key"].ToString() is { Length: > 0 } header ? header : http.Request.Query["code"].ToString();
        if (keys.Allows(level, key))
            return true;
        var kind = level is AuthorizationLevel.Admin or AuthorizationLevel.System ? "master" : "function";
        await WriteAsync(http, 401, "The key is missing or wrong.", $"This route needs the {kind} key, in the header x-functions-key or the query parameter code.");
        return false;
    }
}
