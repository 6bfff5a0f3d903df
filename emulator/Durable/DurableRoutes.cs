using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ServerlessCLM.Emulator;

/// <summary>
/// The management routes of the Durable Functions extension
/// (https://learn.microsoft.com/azure/azure-functions/durable/durable-functions-http-api). They need the master key.
/// </summary>
internal sealed class DurableRoutes(HostKeys keys, IServiceProvider services)
{
    const string Root = "/runtime/webhooks/durabletask";
    const string Continuation = "x-ms-continuation-token";

    // The routes are there in every app; the hub is opened by the first request that needs it.
    EmulatorDurableTaskClient Client => services.GetRequiredService<EmulatorDurableTaskClient>();

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost(Root + "/orchestrators/{name}/{instanceId?}", Guarded(StartAsync));
        routes.MapGet(Root + "/instances", Guarded(ListAsync));
        routes.MapDelete(Root + "/instances", Guarded(PurgeManyAsync));
        routes.MapGet(Root + "/instances/{instanceId}", Guarded(GetAsync));
        routes.MapDelete(Root + "/instances/{instanceId}", Guarded(PurgeAsync));
        routes.MapPost(Root + "/instances/{instanceId}/raiseEvent/{eventName}", Guarded(RaiseAsync));
        routes.MapPost(Root + "/instances/{instanceId}/{operation}", Guarded(OperateAsync));
    }

    RequestDelegate Guarded(Func<HttpContext, Task<IResult>> answer) => async http =>
    {
        if (!await HttpProblem.AuthorizeAsync(http, keys, AuthorizationLevel.System))
            return;
        IResult result;
        try
        {
            result = await answer(http);
        }
        catch (OrchestrationAlreadyExistsException exists)
        {
            result = Problem(409, "The instance exists.", exists.Message);
        }
        catch (Exception wrong) when (wrong is ArgumentException or JsonException)
        {
            result = Problem(400, "The request cannot be carried out.", wrong.Message);
        }

        await result.ExecuteAsync(http);
    };

    async Task<IResult> StartAsync(HttpContext http)
    {
        var id = await Client.StartAsync(Value(http, "name"), await BodyAsync(http), new(http.Request.RouteValues["instanceId"] as string)
        {
            Version = http.Request.Query["version"].FirstOrDefault() ?? "",
        });
        return CheckStatus(http, id);
    }

    async Task<IResult> ListAsync(HttpContext http)
    {
        var query = http.Request.Query;
        var filter = new OrchestrationQuery(
            Time(query, "createdTimeFrom"),
            Time(query, "createdTimeTo"),
            Statuses(query),
            InstanceIdPrefix: query["instanceIdPrefix"].FirstOrDefault(),
            PageSize: Number(query, "top") ?? OrchestrationQuery.DefaultPageSize,
            FetchInputsAndOutputs: true,
            ContinuationToken: http.Request.Headers[Continuation].FirstOrDefault());
        await foreach (var page in Client.GetAllInstancesAsync(filter).AsPages())
        {
            if (page.ContinuationToken is { } next)
                http.Response.Headers[Continuation] = next;
            var showInput = Flag(query, "showInput") ?? true;
            return Results.Json(page.Values.Select(instance => Status(instance, showInput)));
        }

        return Results.Json(Array.Empty<object>());
    }

    async Task<IResult> GetAsync(HttpContext http)
    {
        if (await Client.GetInstanceAsync(Value(http, "instanceId"), getInputsAndOutputs: true, http.RequestAborted) is not { } instance)
            return NotFound(http);
        var query = http.Request.Query;
        var status = 200;
        if (!instance.IsCompleted)
        {
            status = 202;
            http.Response.Headers.Location = UriOf(http, instance.InstanceId, "");
            http.Response.Headers.RetryAfter = "5";
        }
        else if (instance.RuntimeStatus == OrchestrationRuntimeStatus.Failed && Flag(query, "returnInternalServerErrorOnFailure") == true)
        {
            status = 500;
        }

        return Results.Json(Status(instance, Flag(query, "showInput") ?? true), statusCode: status);
    }

    async Task<IResult> RaiseAsync(HttpContext http)
    {
        var body = await BodyAsync(http);
        return await ToLiveAsync(http, id => Client.RaiseAsync(id, Value(http, "eventName"), body));
    }

    async Task<IResult> OperateAsync(HttpContext http)
    {
        var reason = http.Request.Query["reason"].FirstOrDefault();
        var id = Value(http, "instanceId");
        switch (Value(http, "operation").ToUpperInvariant())
        {
            case "TERMINATE":
                return await ToLiveAsync(http, _ => Client.TerminateInstanceAsync(id, new TerminateInstanceOptions(reason)));
            case "SUSPEND":
                return await ToLiveAsync(http, _ => Client.SuspendInstanceAsync(id, reason));
            case "RESUME":
                return await ToLiveAsync(http, _ => Client.ResumeInstanceAsync(id, reason));
            case "RESTART":
                if (await Client.GetInstanceAsync(id) is null)
                    return NotFound(http);
                return await RestartAsync(http, id);
            default:
                return NotFound(http);
        }
    }

    async Task<IResult> RestartAsync(HttpContext http, string id)
    {
        try
        {
            return CheckStatus(http, await Client.RestartAsync(id, Flag(http.Request.Query, "restartWithNewInstanceId") ?? true));
        }
        catch (InvalidOperationException running)
        {
            return Problem(409, "The instance has not ended.", running.Message);
        }
    }

    async Task<IResult> PurgeAsync(HttpContext http)
    {
        var id = Value(http, "instanceId");
        if (await Client.GetInstanceAsync(id) is not { } instance)
            return NotFound(http);
        if (!instance.IsCompleted)
            return Problem(412, "The instance has not ended.", $"Only instances that have ended can be purged; '{id}' is {instance.RuntimeStatus}.");
        var purged = await Client.PurgeInstanceAsync(id);
        return Results.Json(new { instancesDeleted = purged.PurgedInstanceCount });
    }

    async Task<IResult> PurgeManyAsync(HttpContext http)
    {
        var query = http.Request.Query;
        if (Time(query, "createdTimeFrom") is not { } from)
            return Problem(400, "A parameter is missing.", "createdTimeFrom says from when on instances are purged.");
        var purged = await Client.PurgeAllInstancesAsync(new(from, Time(query, "createdTimeTo"), Statuses(query)));
        return purged.PurgedInstanceCount == 0 ? NotFound(http) : Results.Json(new { instancesDeleted = purged.PurgedInstanceCount });
    }

    async Task<IResult> ToLiveAsync(HttpContext http, Func<string, Task> send)
    {
        var id = Value(http, "instanceId");
        if (await Client.GetInstanceAsync(id) is not { } instance)
            return NotFound(http);
        if (instance.IsCompleted)
            return Problem(410, "The instance has ended.", $"Instance '{id}' is {instance.RuntimeStatus}.");
        try
        {
            await send(id);
        }
        catch (InvalidOperationException ended)
        {
            return Problem(410, "The instance has ended.", ended.Message);
        }

        return Results.StatusCode(202);
    }

    /// <summary>As <c>CreateCheckStatusResponse</c>: where to look, and where to send what.</summary>
    static IResult CheckStatus(HttpContext http, string id)
    {
        http.Response.Headers.Location = UriOf(http, id, "");
        http.Response.Headers.RetryAfter = "10";
        return Results.Json(
            new
            {
                id,
                statusQueryGetUri = UriOf(http, id, ""),
                sendEventPostUri = UriOf(http, id, "/raiseEvent/{eventName}"),
                terminatePostUri = UriOf(http, id, "/terminate", "reason={text}"),
                purgeHistoryDeleteUri = UriOf(http, id, ""),
                restartPostUri = UriOf(http, id, "/restart"),
                suspendPostUri = UriOf(http, id, "/suspend", "reason={text}"),
                resumePostUri = UriOf(http, id, "/resume", "reason={text}"),
            },
            statusCode: 202);
    }

    /// <summary>A route of an instance, with the key when the caller showed it in the address too.</summary>
    static string UriOf(HttpContext http, string id, string operation, string? parameter = null)
    {
        var code = http.Request.Query["code"].FirstOrDefault() is { } key ? "code=" + Uri.EscapeDataString(key) : null;
        var query = string.Join('&', new[] { parameter, code }.OfType<string>());
        return $"{http.Request.Scheme}://{http.Request.Host}{Root}/instances/{Uri.EscapeDataString(id)}{operation}{(query.Length > 0 ? "?" + query : "")}";
    }

    static JsonObject Status(OrchestrationMetadata instance, bool showInput) => new()
    {
        ["name"] = instance.Name,
        ["instanceId"] = instance.InstanceId,
        ["runtimeStatus"] = instance.RuntimeStatus.ToString(),
        ["input"] = showInput ? Parse(instance.SerializedInput) : null,
        ["customStatus"] = Parse(instance.SerializedCustomStatus),
        ["output"] = instance.FailureDetails is { } failure ? failure.ToString() : Parse(instance.SerializedOutput),
        ["createdTime"] = Stamp(instance.CreatedAt),
        ["lastUpdatedTime"] = Stamp(instance.LastUpdatedAt),
    };

    static JsonNode? Parse(string? json) => json is null ? null : JsonNode.Parse(json);

    static string Stamp(DateTimeOffset time) => time.UtcDateTime.ToString("s", CultureInfo.InvariantCulture) + "Z";

    static async Task<string?> BodyAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync(http.RequestAborted);
        if (string.IsNullOrWhiteSpace(body))
            return null;
        using var document = JsonDocument.Parse(body);
        DurableJson.Check(body, "body");
        return body;
    }

    static IResult NotFound(HttpContext http) => Problem(404, "There is no such instance.", $"{http.Request.Path} names none.");

    static IResult Problem(int status, string title, string detail) => Results.Problem(detail, statusCode: status, title: title);

    static string Value(HttpContext http, string name) => (string)http.Request.RouteValues[name]!;

    static DateTimeOffset? Time(IQueryCollection query, string name)
    {
        if (query[name].FirstOrDefault() is not { Length: > 0 } text)
            return null;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw new ArgumentException($"{name} is '{text}', needs a time such as 2026-01-31T12:00:00Z.", nameof(query));
    }

    static int? Number(IQueryCollection query, string name)
    {
        if (query[name].FirstOrDefault() is not { Length: > 0 } text)
            return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= 10_000
            ? number
            : throw new ArgumentException($"{name} is '{text}', needs a whole number from 1 to 10000.", nameof(query));
    }

    static bool? Flag(IQueryCollection query, string name) => bool.TryParse(query[name].FirstOrDefault(), out var flag) ? flag : null;

    static List<OrchestrationRuntimeStatus> Statuses(IQueryCollection query) =>
        [.. query["runtimeStatus"].OfType<string>().SelectMany(text => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .Select(text => Enum.TryParse<OrchestrationRuntimeStatus>(text, ignoreCase: true, out var status)
                ? status
                : throw new ArgumentException($"runtimeStatus '{text}' is none of {string.Join(", ", Enum.GetNames<OrchestrationRuntimeStatus>())}.", nameof(query)))];
}
