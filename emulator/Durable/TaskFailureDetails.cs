using System.Reflection;
using System.Text.Json.Serialization;

namespace ServerlessCLM.Emulator;

/// <summary>How a task failed, as it is kept in the history.</summary>
/// <param name="ErrorType">The full name of the exception's type.</param>
/// <param name="ErrorMessage">What went wrong.</param>
/// <param name="StackTrace">Where; null when unknown.</param>
/// <param name="InnerFailure">Why.</param>
/// <param name="Properties">Anything else.</param>
public record TaskFailureDetails(
    string ErrorType,
    string ErrorMessage,
    string? StackTrace,
    TaskFailureDetails? InnerFailure,
    IDictionary<string, object>? Properties)
{
    /// <summary>Whether another attempt can help; not when the function does not exist.</summary>
    [JsonInclude]
    internal bool IsNonRetriable { get; init; }

    public static TaskFailureDetails FromException(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return new(
            exception.GetType().ToString(),
            exception.Message,
            exception.StackTrace,
            exception.InnerException is { } inner ? FromException(inner) : (exception as TaskFailedException)?.FailureDetails,
            Properties: null);
    }

    /// <summary>Whether the exception was a <typeparamref name="T"/> or derived from it; false when its type is not loaded.</summary>
    public bool IsCausedBy<T>()
        where T : Exception =>
        IsCausedBy(typeof(T));

    /// <inheritdoc cref="IsCausedBy{T}"/>
    /// <exception cref="ArgumentException">The type is not one of exceptions.</exception>
    public bool IsCausedBy(Type targetBaseExceptionType)
    {
        ArgumentNullException.ThrowIfNull(targetBaseExceptionType);
        if (!typeof(Exception).IsAssignableFrom(targetBaseExceptionType))
            throw new ArgumentException($"{targetBaseExceptionType} is no exception.", nameof(targetBaseExceptionType));
        var type = Type.GetType(ErrorType) ?? targetBaseExceptionType.Assembly.GetType(ErrorType) ?? FindLoaded(ErrorType);
        return type is not null && targetBaseExceptionType.IsAssignableFrom(type);
    }

    public override string ToString() => $"{ErrorType}: {ErrorMessage}";

    static Type? FindLoaded(string name)
    {
        var found = AppDomain.CurrentDomain.GetAssemblies().Select(assembly => assembly.GetType(name)).OfType<Type>().ToArray();
        return found.Length < 2 ? found.FirstOrDefault() : throw new AmbiguousMatchException($"{found.Length} loaded types are named '{name}'.");
    }
}

/// <summary>Thrown in an orchestrator that awaits an activity or a sub-orchestration that failed.</summary>
public sealed class TaskFailedException : Exception
{
    public TaskFailedException(string taskName, int taskId, Exception innerException)
        : base(Describe(taskName, taskId, innerException.Message), innerException)
    {
        TaskName = taskName;
        TaskId = taskId;
        FailureDetails = TaskFailureDetails.FromException(innerException);
    }

    public TaskFailedException(string taskName, int taskId, TaskFailureDetails failureDetails)
        : base(Describe(taskName, taskId, failureDetails.ErrorMessage))
    {
        TaskName = taskName;
        TaskId = taskId;
        FailureDetails = failureDetails;
    }

    public string TaskName { get; }

    /// <summary>The number of the call in its orchestration, from 0.</summary>
    public int TaskId { get; }

    public TaskFailureDetails FailureDetails { get; }

    static string Describe(string name, int id, string message) => $"Task '{name}' (#{id}) failed with an unhandled exception: {message}";
}
