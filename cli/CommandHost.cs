using System.CommandLine;
using ServerlessCLM.Models;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Cli;

/// <summary>An argument cannot be used; the message is the line the user sees.</summary>
internal sealed class UnusableArgumentException(string message) : Exception(message);

/// <summary>Runs a command with the exit statuses of all commands: 0 done, 1 the answer is no, 2 unusable arguments.</summary>
internal static class CommandHost
{
    public const int Done = 0, No = 1, Unusable = 2;

    public static async Task<int> RunAsync(RootCommand root, string[] args)
    {
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
            return Fail(string.Join(Environment.NewLine, parsed.Errors.Select(error => error.Message)));

        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            stop.Cancel();
        };
        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false }, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return Fail("stopped", No);
        }
        catch (Exception unusable) when (unusable is UnusableArgumentException or SourceFormatException or TrainingDataException
            or IOException or UnauthorizedAccessException)
        {
            return Fail(unusable.Message);
        }
    }

    private static int Fail(string message, int status = Unusable)
    {
        Console.Error.WriteLine($"clm: {message}");
        return status;
    }
}
