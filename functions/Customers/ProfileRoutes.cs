using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using ServerlessCLM.Customers;
using ServerlessCLM.Functions.Http;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Functions.Customers;

/// <summary>What the bank knows of a customer and what the customer allows.</summary>
public sealed class ProfileRoutes(CustomerStore store, Outbox outbox, CustomerReference names, TimeProvider time)
{
    private enum Put { Done, Stale }

    /// <remarks>Replaces the profile. With <c>If-Match: "version"</c> only while the version is still that one.</remarks>
    [Function("PutProfile")]
    public async Task<IResult> PutProfileAsync(
        [HttpTrigger(AuthorizationLevel.Function, "put", Route = "customers/{customerId}/profile")] HttpRequest request,
        string customerId, CancellationToken cancellation)
    {
        if (!names.TryResolve(customerId, out var customer))
            return Problems.Invalid("customerId", CustomerId.Rule);

        var (members, problem) = await Bodies.ReadObjectAsync(request, cancellation);
        if (problem is not null)
            return problem;

        if (Profile.Check(members!, "profile") is { } wrong)
            return Problems.Invalid(wrong);

        int? expected = null;
        if (request.Headers.IfMatch.ToString() is { Length: > 0 } match && match != "*")
        {
            if (!int.TryParse(match.Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var version))
                return Problems.Invalid("If-Match", "must be a version in quotes, like \"3\"");
            expected = version;
        }

        var now = time.GetUtcNow();
        return await UpdateAsync(customer, session =>
        {
            var known = session.Get(CustomerRows.Profile, CustomersJson.Default.Profile) ?? Profile.Empty;
            if (expected is not null && known.Version != expected)
                return (Put.Stale, known);

            var replaced = known.Replace(members!);
            replaced.PutInto(session, known, now);
            return (Put.Done, replaced);
        }, [CustomerRows.Profile], result =>
        {
            var (outcome, profile) = result;
            if (outcome == Put.Stale)
                return Problems.Stale($"the profile is at version {profile.Version}, not {expected}; read it again");

            request.HttpContext.Response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{profile.Version}\"");
            return JsonAnswer.Of(new JsonObject { ["version"] = profile.Version, ["profile"] = profile.Members.DeepClone() });
        }, cancellation);
    }

    [Function("PutConsent")]
    public async Task<IResult> PutConsentAsync(
        [HttpTrigger(AuthorizationLevel.Function, "put", Route = "customers/{customerId}/consents/{purpose}/{channel}")] HttpRequest request,
        string customerId, string purpose, string channel, CancellationToken cancellation)
    {
        if (!names.TryResolve(customerId, out var customer))
            return Problems.Invalid("customerId", CustomerId.Rule);

        if (!Consent.IsPurpose(purpose))
            return Problems.Invalid("purpose", $"must be one of {string.Join(", ", Consent.Purposes)}");

        if (!Consent.IsChannel(channel))
            return Problems.Invalid("channel", $"must be one of {string.Join(", ", Consent.Channels)}");

        var (body, problem) = await Bodies.ReadObjectAsync(request, cancellation);
        if (problem is not null)
            return problem;

        ConsentStatus? status = Text(body!, "status")?.ToLowerInvariant() switch
        {
            "granted" => ConsentStatus.Granted,
            "withdrawn" => ConsentStatus.Withdrawn,
            _ => null,
        };
        if (status is null)
            return Problems.Invalid("status", "must be granted or withdrawn");

        var now = time.GetUtcNow();
        var at = now;
        if (body!["at"] is not null
            && (!Instant.TryParse(Text(body, "at"), out at) || at > now.AddMinutes(5)))
            return Problems.Invalid("at", "must be an instant like 2026-11-21T12:00:00Z, not in the future");

        if (body["source"] is not null && Text(body, "source") is not { Length: > 0 and <= 200 })
            return Problems.Invalid("source", "must be a text of 1 to 200 characters");

        var consent = new Consent(purpose, channel, status.Value, at, Text(body, "source"));
        return await UpdateAsync(customer, consent.PutInto, [CustomerRows.Consent(purpose, channel)],
            held => Results.Json(held, HttpJson.Default.Consent), cancellation);
    }

    /// <remarks>Kept apart: no feature, score or decision reads it, only the fairness figures of models.</remarks>
    [Function("PutProtectedGroups")]
    public async Task<IResult> PutGroupsAsync(
        [HttpTrigger(AuthorizationLevel.Function, "put", Route = "customers/{customerId}/protected-groups")] HttpRequest request,
        string customerId, CancellationToken cancellation)
    {
        if (!names.TryResolve(customerId, out var customer))
            return Problems.Invalid("customerId", CustomerId.Rule);

        var (groups, problem) = await Bodies.ReadObjectAsync(request, cancellation, 4 * 1024);
        if (problem is not null)
            return problem;
        if (groups!.Count > 8)
            return Problems.Invalid("$", "must have at most 8 attributes");
        foreach (var (name, _) in groups)
        {
            if (Text(groups, name) is not { Length: > 0 and <= 40 })
                return Problems.Invalid(name, "must be a text of 1 to 40 characters");
        }

        var plain = System.Text.Encoding.UTF8.GetBytes(groups.ToJsonString());
        return await UpdateAsync(customer, session =>
        {
            // A customer of whom nothing else is known yet has a state from now on.
            if (!session.Exists)
                session.PutBlock(new CustomerState().ToBlock());
            session.Put(CustomerRows.ProtectedGroups, plain);
            return true;
        }, [], _ => Results.NoContent(), cancellation);
    }

    private async Task<IResult> UpdateAsync<T>(
        CustomerId customer, Func<CustomerSession, T> change, string[] rows, Func<T, IResult> answer, CancellationToken cancellation)
    {
        try
        {
            var commit = await store.UpdateAsync(customer, change, cancellation, rows);
            if (commit.Outbox is { } entry)
                await outbox.DispatchAsync([entry], cancellation);
            return answer(commit.Result);
        }
        catch (CustomerErasedException erased)
        {
            return Problems.Conflict(erased.Message);
        }
        catch (CustomerConflictException conflict)
        {
            return Problems.Conflict(conflict.Message);
        }
    }

    private static string? Text(JsonObject body, string name) =>
        body[name] is { } node && node.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;
}
