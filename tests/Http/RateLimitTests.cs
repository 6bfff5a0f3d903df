using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Configuration;
using ServerlessCLM.Emulator;
using ServerlessCLM.Functions.Http;

namespace ServerlessCLM.Tests.Http;

public sealed class RateLimitTests : ProductTests
{
    [Fact]
    public async Task A_caller_who_asks_too_often_is_told_when_to_come_back_and_others_are_not_held_up()
    {
        await using var product = await StartAsync(null, "--Clm:Limits:Reads:PerSecond=0.5", "--Clm:Limits:Reads:Burst=3");
        for (var request = 0; request < 3; request++)
            Assert.Equal(HttpStatusCode.OK, (await AskAsync(product, "ann")).StatusCode);

        using (var refused = await AskAsync(product, "ann"))
        {
            var problem = await refused.Content.ReadFromJsonAsync<JsonObject>();
            Assert.Equal((HttpStatusCode.TooManyRequests, "2"), (refused.StatusCode, refused.Headers.RetryAfter?.ToString()));
            Assert.Equal(("application/problem+json", "a caller may make 0.5 reads a second; send it again in 2 s"), (refused.Content.Headers.ContentType!.MediaType, (string)problem!["detail"]!));
        }

        // Another caller, a key without a name, and another class of routes have buckets of their own.
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(product, "bob")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(product, null)).StatusCode);
        Assert.Equal(202, (await product.SendAsync(HttpMethod.Post, "api/transactions", "[]", (Principals.Header, "ann"))).Status);
        Assert.Equal(200, (await product.SendAsync(HttpMethod.Get, "api/health")).Status);

        product.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(product, "ann")).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await AskAsync(product, "ann")).StatusCode);
    }

    /// <summary>Against a bucket that is filled and emptied by hand.</summary>
    [Fact]
    public void It_lets_through_what_a_token_bucket_lets_through() => Prop.ForAll(
        Gen.Choose(0, 3000).ListOf().ToArbitrary(), Gen.Choose(1, 20).ToArbitrary(), Gen.Choose(1, 10).ToArbitrary(), (pauses, burst, perSecond) =>
        {
            var clock = new VirtualClock(Product.Now);
            var limits = Limits(clock, ("Writes:PerSecond", perSecond), ("Writes:Burst", burst));
            var step = TimeSpan.TicksPerSecond / perSecond;
            var held = step * burst;
            foreach (var pause in pauses)
            {
                clock.Advance(TimeSpan.FromMilliseconds(pause));
                held = Math.Min(step * burst, held + (pause * TimeSpan.TicksPerMillisecond));
                var isThere = held >= step;
                if (limits.TryTake(RouteClass.Writes, "ann", out var wait) != isThere || wait.Ticks != (isThere ? 0 : step - held))
                    return false;
                held -= isThere ? step : 0;
            }

            return true;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public async Task Many_at_once_take_no_more_than_there_is()
    {
        var limits = Limits(new VirtualClock(Product.Now), ("Stream:PerSecond", 1), ("Stream:Burst", 100));
        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Enumerable.Range(0, 100).Count(_ => limits.TryTake(RouteClass.Stream, "ann", out var _)))));
        Assert.Equal(100, taken.Sum());
    }

    [Theory]
    [InlineData("Reads:PerSecond", 0)]
    [InlineData("Open:Burst", -1)]
    public void A_limit_that_lets_nothing_through_is_refused(string setting, int value) =>
        Assert.Contains(setting.Split(':')[0], Assert.Throws<InvalidOperationException>(() => Limits(TimeProvider.System, (setting, value))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Answers_are_kept_by_nobody_and_taken_for_nothing_else()
    {
        await using var product = await StartAsync();
        foreach (var path in (string[])["api/customers/nobody", "api/models", "api/self-service/m.AAAA.AAAA", "api/documents/nothing"])
        {
            using var answer = await product.Client.GetAsync(path);
            Assert.Equal(("no-store", "nosniff", "no-referrer"),
                (answer.Headers.CacheControl?.ToString(), answer.Headers.GetValues("X-Content-Type-Options").Single(), answer.Headers.GetValues("Referrer-Policy").Single()));
        }
    }

    private static RateLimits Limits(TimeProvider time, params (string Name, int Value)[] settings) => new(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create($"Clm:Limits:{setting.Name}", (string?)setting.Value.ToString(CultureInfo.InvariantCulture))))
            .Build().GetSection("Clm:Limits"), time);

    private static async Task<HttpResponseMessage> AskAsync(Product product, string? name)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/models");
        if (name is not null)
            request.Headers.Add(Principals.Header, name);
        return await product.Client.SendAsync(request);
    }
}
