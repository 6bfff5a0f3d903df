using Microsoft.AspNetCore.Http;

namespace ServerlessCLM.Functions.Http;

/// <summary>Lets a request through to its function when the table of roles says so.</summary>
public sealed class AccessControl(Principals principals) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is { } http && await RefusalAsync(context.FunctionDefinition.Name, http) is { } refusal)
        {
            await refusal.ExecuteAsync(http);
            return;
        }

        await next(context);
    }

    private async Task<IResult?> RefusalAsync(string function, HttpContext http)
    {
        if (AccessTable.IsOpen(function))
            return null;

        var (caller, problem) = await principals.FindAsync(http.Request);
        if (caller is null)
            return problem;

        caller.Keep(http);
        var allowed = AccessTable.Allowed(function);
        return (allowed & caller.Roles) == Roles.None ? Problems.Forbidden(allowed, caller.Roles) : null;
    }
}
