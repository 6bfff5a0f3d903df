using Microsoft.AspNetCore.Http;
using ServerlessCLM.Customers;
using ServerlessCLM.Functions.Http;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Functions.Decisions;

/// <summary>What came of decisions.</summary>
public sealed class OutcomeRoutes(OutcomeIntake intake, Requests requests)
{
    /// <remarks>One clm.outcome.v1 event or an array. A single one that cannot be taken is a problem; of an array the answer names each that was refused.</remarks>
    [Function("PostOutcomes")]
    public async Task<IResult> PostAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "outcomes")] HttpRequest request, CancellationToken cancellation)
    {
        try
        {
            return await IntakeRoute.TakeAsync(requests, "outcomes", request, body => intake.TakeAsync(body, cancellation), cancellation);
        }
        catch (OutcomeRefusedException refused)
        {
            return Problems.Invalid(refused.Rejection);
        }
    }
}
