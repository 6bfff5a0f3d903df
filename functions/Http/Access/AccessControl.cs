using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace ServerlessCLM.Functions.Http;

/// <summary>Lets a request through to its function when the table of roles says so and the caller has not had their share.</summary>
public sealed class AccessControl(Principals principals, RateLimits limits) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is { } http)
        {
            Protect(http.Response.Headers);
            if (await RefusalAsync(context.FunctionDefinition.Name, http) is { } refusal)
            {
                await refusal.ExecuteAsync(http);
                return;
            }
        }

        await next(context);
    }

    private async Task<IResult?> RefusalAsync(string function, HttpContext http)
    {
        var routes = RateLimits.ClassOf(function, http.Request.Method);
        if (routes == RouteClass.Open)
            return limits.TryTake(routes, function, out var pause) ? null : limits.Refuse(http, routes, pause);

        var (caller, problem) = await principals.FindAsync(http.Request);
        if (caller is null)
            return problem;

        if (!limits.TryTake(routes, caller.Name ?? KeyOf(http.Request), out var wait))
            return limits.Refuse(http, routes, wait);

        caller.Keep(http);
        var allowed = AccessTable.Allowed(function);
        return (allowed & caller.Roles) == Roles.None ? Problems.Forbidden(allowed, caller.Roles) : null;
    }

    /// <summary>A name for a caller who is known by a key alone, which the key cannot be told from.</summary>
    private static string KeyOf(HttpRequest request) =>
        string.Create(CultureInfo.InvariantCulture, $"key {Digest64.Of(Principals.KeyIn(request)):x}");

    /// <summary>Answers hold personal data: nobody between keeps them, nobody takes them for a page, and a link in an address is told to no other site.</summary>
    /// <remarks>What a function says itself comes after and holds.</remarks>
    private static void Protect(IHeaderDictionary headers)
    {
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
    }
}
