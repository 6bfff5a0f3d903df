using System.Text.Json;
using System.Xml;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ServerlessCLM.Emulator;

/// <summary>
/// <c>GET /admin/clock</c> says where a virtual clock stands. <c>POST</c> moves it on, <c>{"to": "2026-12-31T00:00:00Z"}</c> or
/// <c>{"by": "P7D"}</c>, and answers when everything has happened that was due on the way. Both need the master key.
/// </summary>
internal sealed class ClockRoutes(HostKeys keys, VirtualTime? virtualTime = null, VirtualClockFile? file = null)
{
    const string Path = "/admin/clock";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, TellAsync);
        routes.MapPost(Path, MoveAsync);
    }

    Task TellAsync(HttpContext http) => AnswerAsync(http, time => Task.FromResult(Results.Json(new { now = time.Now })));

    Task MoveAsync(HttpContext http) => AnswerAsync(http, time => MoveAsync(http, time));

    async Task AnswerAsync(HttpContext http, Func<VirtualTime, Task<IResult>> answer)
    {
        if (!await HttpProblem.AuthorizeAsync(http, keys, AuthorizationLevel.Admin))
            return;
        if (virtualTime is null)
        {
            await HttpProblem.WriteAsync(http, 409, "The clock cannot be moved.",
                $"It is the machine's. Start the host with --virtual-clock, or with {VirtualTimeRegistration.ClockSetting}=virtual or an instant to begin at.");
            return;
        }

        try
        {
            await (await answer(virtualTime)).ExecuteAsync(http);
        }
        catch (Exception wrong) when (wrong is JsonException or FormatException)
        {
            await HttpProblem.WriteAsync(http, 400, "The clock cannot be moved.", wrong is JsonException
                ? "$: send {\"to\": \"2026-12-31T00:00:00Z\"} or {\"by\": \"P7D\"}."
                : wrong.Message);
        }
        catch (ArgumentOutOfRangeException)
        {
            await HttpProblem.WriteAsync(http, 409, "The clock cannot be moved.", $"to: that is before {virtualTime.Now:O}, where the clock stands; it only goes forward.");
        }
    }

    async Task<IResult> MoveAsync(HttpContext http, VirtualTime time)
    {
        var target = TargetOf(await JsonSerializer.DeserializeAsync<Move>(http.Request.Body, JsonSerializerOptions.Web, http.RequestAborted), time.Now);
        var passed = await time.AdvanceToAsync(target, http.RequestAborted);
        file?.Keep(passed.Now);
        return Results.Json(new { now = passed.Now, fired = passed.Fired });
    }

    static DateTimeOffset TargetOf(Move? move, DateTimeOffset now)
    {
        if (move is null or { To: null, By: null } or { To: not null, By: not null })
            throw new FormatException("to, by: send one of them.");
        if (move.To is not null)
            return VirtualClockFile.TryParse(move.To, out var target) ? target : throw new FormatException($"to: '{move.To}' is not an instant like 2026-12-31T00:00:00Z.");
        try
        {
            var by = XmlConvert.ToTimeSpan(move.By!);
            return by >= TimeSpan.Zero ? now + by : throw new FormatException($"by: '{move.By}' is below zero; the clock only goes forward.");
        }
        catch (Exception wrong) when (wrong is OverflowException or ArgumentOutOfRangeException || (wrong is FormatException && !wrong.Message.StartsWith("by:", StringComparison.Ordinal)))
        {
            throw new FormatException($"by: '{move.By}' is not a duration like P7D or PT90M.", wrong);
        }
    }

    sealed record Move(string? To, string? By);
}
