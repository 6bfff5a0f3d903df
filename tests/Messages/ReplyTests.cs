using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using ServerlessCLM.Customers;
using ServerlessCLM.Emulator;
using ServerlessCLM.Functions.Messages;
using ServerlessCLM.Messages.Replies;

namespace ServerlessCLM.Tests.Messages;

/// <summary>
/// Replies in five languages, and what they are about. Rules are made with corpus/replies-tuning.jsonl before one's eyes; corpus/replies-held-out.jsonl
/// tells how they do on what nobody looked at.
/// </summary>
public class ReplyTests
{
    private static readonly DateOnly Day = new(2026, 11, 20);

    [Theory]
    [InlineData("tuning", 1.0, 1.0, 0.97)]
    [InlineData("held-out", 0.85, 0.95, 0.85)]
    public void Of_those_in_need_and_those_who_want_no_more_next_to_none_is_missed(string half, double hardship, double optOut, double all)
    {
        var cases = Read(half);
        var (needy, stopping) = (Recall(cases, ReplyIntent.Hardship), Recall(cases, ReplyIntent.OptOut));
        var wrong = cases.Where(item => !item.Intents.ToHashSet().SetEquals(Intents(item))).ToList();
        var exact = 1 - (wrong.Count / (double)cases.Count);
        TestContext.Current.TestOutputHelper?.WriteLine($"{half}: {cases.Count} replies, {exact:P1} read as labelled; recall of hardship {needy:P1}, of opt-outs {stopping:P1}");
        var told = string.Join('\n', wrong.Select(item => $"{item.Id}: {item.Text} -> {string.Join('+', Intents(item))}"));
        Assert.True(needy >= hardship && stopping >= optOut && exact >= all, $"{needy:P1} {stopping:P1} {exact:P1}\n{told}");
    }

    [Theory]
    [InlineData("tuning")]
    [InlineData("held-out")]
    public void Harmless_replies_raise_neither_hardship_nor_an_opt_out(string half)
    {
        var raised = Read(half).Where(item => item.Intents.Length == 0 && Intents(item).Any(intent => intent is "hardship" or "optOut")).Select(item => item.Text);
        Assert.Empty(raised);
    }

    [Theory]
    [InlineData("tuning")]
    [InlineData("held-out")]
    public void The_amount_and_the_day_of_a_promise_are_read(string half)
    {
        var promises = Read(half).Where(item => item.Promise is not null).ToList();
        var missed = promises.Where(item => ReplyReading.Of(item.Text, item.Language, Day).Promise is not { } read
            || item.Promise!.Date != read.Date || item.Promise.Amount != read.Amount || item.Promise.Currency != read.Currency).Select(item => item.Text).ToList();
        TestContext.Current.TestOutputHelper?.WriteLine($"{half}: {promises.Count} promises, {missed.Count} missed");
        Assert.True(missed.Count <= promises.Count / 5, string.Join('\n', missed));
    }

    [Theory]
    [InlineData("> Please reply STOP to opt out.\nThank you!", ReplySentiment.Positive)]
    [InlineData("Your service is terrible.", ReplySentiment.Negative)]
    [InlineData("Ok.", ReplySentiment.Neutral)]
    public void Quoted_lines_say_nothing_and_the_mood_is_told(string text, ReplySentiment mood)
    {
        var reading = ReplyReading.Of(text, "en", Day);
        Assert.Equal(mood, reading.Sentiment);
        Assert.DoesNotContain(ReplyIntent.OptOut, reading.Intents);
    }

    [Fact]
    public void A_reply_in_another_language_than_the_customers_is_read_in_its_own()
    {
        var reading = ReplyReading.Of("Ich werde das am Freitag mit der nächsten Überweisung zahlen, das ist kein Problem für mich", "en", Day);
        Assert.Equal(("de", new DateOnly(2026, 11, 27)), (reading.Language, reading.Promise!.Date));
    }

    /// <summary>Whatever somebody writes is read without a fault, the same each time.</summary>
    [Fact]
    public void Any_text_is_read()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>>(), text =>
            ReplyReading.Of(text.Get, "de", Day).Intents.SequenceEqual(ReplyReading.Of(text.Get, "de", Day).Intents)).QuickCheckThrowOnFailure();
    }

    [Fact]
    public async Task A_reply_is_read_once_and_raises_signals_and_an_opt_out_holds()
    {
        await using var product = await Product.StartAsync();
        await product.SendAsync(HttpMethod.Put, "api/customers/C-1/profile", """{"country":"DE","language":"de","timeZone":"Europe/Berlin"}""");
        const string reply = """
            {"specversion":"1.0","type":"clm.outcome.v1","source":"/sms","id":"r-1","subject":"C-1","time":"2026-11-20T11:00:00Z",
            "data":{"outcome":"reply","channel":"sms","text":"Ich habe meinen Job verloren. Bitte keine Nachrichten mehr."}}
            """;
        for (var i = 0; i < 2; i++)
            await product.SendAsync(HttpMethod.Post, "api/events", reply);
        await product.DrainAsync(EventStreams.EventsHub);
        await product.Get<EventHubsNamespace>().WaitUntilDrainedAsync(EventStreams.EventsHub, ReadReplies.ConsumerGroup);

        var customer = (await product.SendAsync(HttpMethod.Get, "api/customers/C-1")).Body!;
        var read = Assert.Single(customer["replies"]!.AsArray())!;
        Assert.Equal(["OptOut", "Hardship"], read["reading"]!["intents"]!.AsArray().Select(intent => (string?)intent));
        Assert.Equal(["reply_hardship", "reply_opt_out"], customer["signals"]!.AsArray().Select(signal => (string?)signal!["name"]).Order());
        Assert.Equal("Withdrawn", (string?)customer["consents"]!.AsArray().First(consent => (string?)consent!["purpose"] == "marketing" && (string?)consent["channel"] == "sms")!["status"]);
    }

    private static string[] Intents(Case item) =>
        [.. ReplyReading.Of(item.Text, item.Language, Day).Intents.Select(intent => JsonNamingPolicy.CamelCase.ConvertName(intent.ToString()))];

    private static double Recall(List<Case> cases, ReplyIntent intent)
    {
        var name = JsonNamingPolicy.CamelCase.ConvertName(intent.ToString());
        var labelled = cases.Where(item => item.Intents.Contains(name)).ToList();
        return labelled.Count(item => Intents(item).Contains(name)) / (double)labelled.Count;
    }

    private static List<Case> Read(string half) =>
        [.. File.ReadLines(TestData.Sample("Messages", "corpus", $"replies-{half}.jsonl")).Select(line => JsonSerializer.Deserialize<Case>(line, Options)!)];

    private static readonly JsonSerializerOptions Options = new(JsonSerializerOptions.Web) { NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowReadingFromString };

    private sealed record Case(string Id, string Language, string Text, string[] Intents, ReplyPromise? Promise);
}
