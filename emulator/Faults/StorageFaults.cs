using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Azure;
using Azure.Core;

namespace ServerlessCLM.Emulator;

/// <summary>What can happen to an operation of a storage account, in the shapes of the service.</summary>
internal static class StorageFaults
{
    static readonly FaultKind[] ReadKinds = [FaultKind.Fail, FaultKind.Throttle, FaultKind.Delay];
    static readonly FaultKind[] WriteKinds =
        [FaultKind.Fail, FaultKind.Throttle, FaultKind.LoseAnswer, FaultKind.Delay, FaultKind.Pause, FaultKind.Duplicate, FaultKind.KillBefore, FaultKind.KillAfter];

    public static Task<T> ReadAsync<T>(this FaultInjector faults, FaultPoint point, string place, Func<Task<T>> read, CancellationToken cancellation) =>
        faults.OneByOneAsync(() => RunAsync(faults.Draw(point, place, ReadKinds), place, read, cancellation), cancellation);

    public static Task<T> WriteAsync<T>(this FaultInjector faults, FaultPoint point, string place, Func<Task<T>> write, CancellationToken cancellation) =>
        faults.OneByOneAsync(() => RunAsync(faults.Draw(point, place, WriteKinds), place, write, cancellation), cancellation);

    static Task<T> RunAsync<T>(DrawnFault? fault, string place, Func<Task<T>> operation, CancellationToken cancellation) =>
        fault is null ? operation() : fault.AroundAsync(operation, drawn => Failed(place, drawn), wait => Throttled(place, wait), cancellation);

    /// <summary>A broken connection, which has no status, or an error of the service.</summary>
    static RequestFailedException Failed(string place, DrawnFault fault) => fault.Drawn % 2 == 0
        ? new RequestFailedException(0, $"{place}: the connection was reset.", null, new IOException("Connection reset by peer."))
        : Refused(500, "Internal Server Error", "InternalError", place, null);

    static RequestFailedException Throttled(string place, TimeSpan wait) => wait.Ticks % 2 == 0
        ? Refused(429, "Too Many Requests", "TooManyRequests", place, wait)
        : Refused(503, "Server Busy", "ServerBusy", place, wait);

    static RequestFailedException Refused(int status, string reason, string code, string place, TimeSpan? wait) =>
        new(new RefusedResponse(status, reason, code, wait), null, new ServiceError(place));

    /// <summary>The service's refusal with its headers.</summary>
    sealed class RefusedResponse(int status, string reason, string code, TimeSpan? wait) : StorageResponse(status, reason)
    {
        protected override bool TryGetHeader(string name, [NotNullWhen(true)] out string? value)
        {
            value = Headers().FirstOrDefault(header => string.Equals(header.Name, name, StringComparison.OrdinalIgnoreCase)).Value;
            return value is not null;
        }

        protected override IEnumerable<HttpHeader> EnumerateHeaders() => Headers();

        new IEnumerable<HttpHeader> Headers()
        {
            yield return new HttpHeader("x-ms-error-code", code);
            if (wait is { } time)
                yield return new HttpHeader("Retry-After", Math.Ceiling(time.TotalSeconds).ToString(CultureInfo.InvariantCulture));
        }
    }
}
