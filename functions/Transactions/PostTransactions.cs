using Microsoft.AspNetCore.Http;
using ServerlessCLM.Customers;
using ServerlessCLM.Functions.Http;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Functions.Transactions;

/// <summary>Payments over HTTP: one event or an array into the stream.</summary>
public sealed class PostTransactions(EventIntake intake, Requests requests)
{
    [Function("PostTransactions")]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "transactions")] HttpRequest request,
        CancellationToken cancellation) =>
        IntakeRoute.TakeAsync(requests, "transactions", request, body => intake.TakeTransactionsAsync(body, cancellation), cancellation);
}
