using System.Net.Mime;
using Microsoft.AspNetCore.Http;
using ServerlessCLM.Customers;
using ServerlessCLM.Functions.Http;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Functions.Transactions;

/// <summary>Payments over HTTP into the stream: CloudEvents, or a document of the formats that banks have already.</summary>
public sealed class PostTransactions(EventIntake intake, Requests requests)
{
    private const string Iso8583 = "application/vnd.iso8583+json";

    [Function("PostTransactions")]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "transactions")] HttpRequest request,
        CancellationToken cancellation) =>
        IntakeRoute.TakeAsync(requests, "transactions", request, body => MediaType(request) switch
        {
            MediaTypeNames.Application.Xml or MediaTypeNames.Text.Xml => intake.TakeStatementAsync(body, cancellation),
            Iso8583 => intake.TakeMessagesAsync(body, cancellation),
            _ => intake.TakeTransactionsAsync(body, cancellation),
        }, cancellation);

    private static string MediaType(HttpRequest request) =>
        (request.ContentType ?? "").Split(';', 2)[0].Trim().ToLowerInvariant();
}
