namespace ServerlessCLM.Emulator;

/// <summary>A step of running a function.</summary>
public delegate Task FunctionExecutionDelegate(FunctionContext context);

/// <summary>Wraps every run of every function.</summary>
public interface IFunctionsWorkerMiddleware
{
    Task Invoke(FunctionContext context, FunctionExecutionDelegate next);
}
