using Microsoft.AspNetCore.Http;
using ServerlessCLM.Customers;
using ServerlessCLM.Functions.Http;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Functions.Customers;

/// <summary>Outcomes, profiles and lifecycle events over HTTP.</summary>
public sealed class PostEvents(EventIntake intake, Requests requests)
{
    [Function("PostEvents")]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "events")] HttpRequest request,
        CancellationToken cancellation) =>
        IntakeRoute.TakeAsync(requests, "events", request, body => intake.TakeEventsAsync(body, cancellation), cancellation);
}
