using System.Globalization;
using System.Text;
using ServerlessCLM.Customers;
using ServerlessCLM.Messages;
using ServerlessCLM.Messages.Channels;
using ServerlessCLM.Messages.Proof;
using ServerlessCLM.Messages.Templates;

namespace ServerlessCLM.Functions;

/// <summary>What <c>--demo</c> shows of messages: one that is written, proven and sent, and words that are refused for their brief.</summary>
internal sealed class DemoMessages(MessageWriting writing, Dispatch dispatch, TimeProvider time)
{
    private const string MessageId = "demo-payment-due";

    /// <summary>Words that a careless writer might find.</summary>
    private static readonly Draft Careless = new("Your payment of EUR 9,999.00 is overdue. Pay today or we will take legal action.");

    public async Task<string> ShowAsync(CustomerId customer, CancellationToken cancellation)
    {
        var due = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime).AddDays(5);
        var (record, fault) = await writing.WriteAsync(customer, new WritingRequest(MessageId, "payment-due", MessageChannel.App,
            [new MoneyFact("amount_due", 120m, "EUR"), new DateFact("due", due), new ContactFact("hotline", "+49 30 1234567")]), cancellation);
        var text = new StringBuilder("\nA message from an approved template, and its proof:\n");
        if (record is null)
            return text.Append(CultureInfo.InvariantCulture, $"  not written: {fault}\n").ToString();

        text.Append(CultureInfo.InvariantCulture, $"  {record.Template} to {customer}: \"{record.Body}\"\n");
        if (record.Chosen is { } chosen)
            text.Append(CultureInfo.InvariantCulture, $"  {chosen.Verdicts.Count} checks passed: {string.Join(", ", chosen.Verdicts.Select(verdict => verdict.Check))}\n");
        if (record.TryAddress(gateway: null, debt: null, journey: null, time.GetUtcNow(), out var message, out var reason))
        {
            var sent = await dispatch.SendAsync(customer, message, cancellation);
            text.Append(CultureInfo.InvariantCulture, $"  the gate says {sent.Gate.Kind}{(sent.Gate.Code is { } code ? $": {code}" : "")}; it is {sent.Delivery?.Status.ToString() ?? "not sent"}\n");
        }
        else
            text.Append(CultureInfo.InvariantCulture, $"  {reason}\n");

        text.Append(CultureInfo.InvariantCulture, $"For the same brief these words are refused: \"{Careless.Body}\"\n");
        foreach (var refusal in MessageProof.Prove(record.Brief, Careless).Refusals)
            text.Append(CultureInfo.InvariantCulture, $"  {refusal.Check}: {(refusal.Evidence is { } evidence ? $"\"{evidence}\" " : "")}{refusal.Reason}\n");
        return text.ToString();
    }
}
