using System.Reflection;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ServerlessCLM.Emulator;

/// <summary>The host's own routes: firing a function by hand, the host's state, and the page at the root.</summary>
internal sealed class AdminRoutes(
    FunctionCatalogue catalogue,
    HttpFunctions http,
    HandFiring firing,
    HostKeys keys,
    TimeProvider time,
    HomePage? home = null)
{
    readonly DateTimeOffset started = time.GetUtcNow();

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/admin/functions/{name}", FireAsync);
        routes.MapGet("/admin/host/status", StatusAsync);
        if (!http.Functions.SelectMany(function => function.Places).Any(place => place is "GET " or "* "))
            routes.MapGet("/", PageAsync);
    }

    async Task FireAsync(HttpContext request)
    {
        if (!await HttpProblem.AuthorizeAsync(request, keys, AuthorizationLevel.Admin))
            return;
        var name = (string)request.Request.RouteValues["name"]!;
        if (catalogue.Get(name) is not { } function)
        {
            await HttpProblem.WriteAsync(request, 404, "There is no such function.", $"'{name}' is no function of this app.");
            return;
        }

        if (function.Trigger is HttpTriggerAttribute)
        {
            await HttpProblem.WriteAsync(request, 400, "The function cannot be fired by hand.", $"'{function.Name}' answers HTTP: call its route.");
            return;
        }

        try
        {
            firing.Fire(function, await InputAsync(request));
            request.Response.StatusCode = StatusCodes.Status202Accepted;
        }
        catch (JsonException wrong)
        {
            await HttpProblem.WriteAsync(request, 400, "The body cannot be read.", $"{wrong.Path ?? "$"}: send {{\"input\": \"...\"}} or nothing.");
        }
    }

    /// <summary>The body's <c>input</c>; null when the body is empty.</summary>
    static async Task<string?> InputAsync(HttpContext request)
    {
        using var reader = new StreamReader(request.Request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync(request.RequestAborted);
        return string.IsNullOrWhiteSpace(body) ? null : JsonSerializer.Deserialize<Firing>(body, JsonSerializerOptions.Web)?.Input;
    }

    async Task StatusAsync(HttpContext request)
    {
        if (!await HttpProblem.AuthorizeAsync(request, keys, AuthorizationLevel.Admin))
            return;
        await Results.Json(new
        {
            state = "Running",
            version = typeof(AdminRoutes).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion,
            processUptime = (long)(time.GetUtcNow() - started).TotalMilliseconds,
            functionCount = catalogue.Functions.Count,
        }).ExecuteAsync(request);
    }

    /// <summary>The app's own page to who looks with a browser, the list of functions to the rest.</summary>
    Task PageAsync(HttpContext request)
    {
        if (home is not null && request.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase))
            return Results.Redirect(home.Path).ExecuteAsync(request);

        var page = new StringBuilder("The functions host is running.\n\n");
        foreach (var function in http.Functions)
            page.Append($"{(function.Methods.Count == 0 ? "*" : string.Join(',', function.Methods)),-8} {function.Pattern.RawText,-56} {function.Function.Name} ({function.Trigger.AuthLevel})\n");
        foreach (var function in catalogue.Functions.Where(function => function.Trigger is not HttpTriggerAttribute))
            page.Append($"{function.Trigger.GetType().Name.Replace("TriggerAttribute", "", StringComparison.Ordinal),-65} {function.Name}\n");
        return Results.Text(page.ToString()).ExecuteAsync(request);
    }

    sealed record Firing(string? Input);
}

/// <summary>Where a browser is sent that asks for the root.</summary>
/// <param name="Path">A path of the app, such as <c>/api/console/</c>.</param>
public sealed record HomePage(string Path);
