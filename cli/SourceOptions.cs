using System.CommandLine;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Cli;

/// <summary>The options that name a source of payments.</summary>
internal sealed class SourceOptions
{
    private readonly Option<string> _format = new("--format")
    {
        Description = $"One of {string.Join(", ", PaymentSources.Formats)}", Required = true,
    };

    private readonly Option<string?> _directory = new("--directory") { Description = "The folder (berka)" };
    private readonly Option<string?> _file = new("--file") { Description = "The file; read as gzip when its name ends in .gz" };

    public void AddTo(Command command)
    {
        _format.AcceptOnlyFromAmong([.. PaymentSources.Formats]);
        command.Options.Add(_format);
        command.Options.Add(_directory);
        command.Options.Add(_file);
    }

    public (string Format, IPaymentSource Source) Open(ParseResult arguments)
    {
        var format = arguments.GetRequiredValue(_format);
        var path = (arguments.GetValue(_directory), arguments.GetValue(_file)) switch
        {
            ({ } directory, null) => directory,
            (null, { } file) => file,
            _ => throw new UnusableArgumentException("name either --directory or --file"),
        };
        // Replayed card numbers only need tokens that agree within the run; a running product has its own key.
        return (format, PaymentSources.Open(format, path, new PaymentSourceOptions { Cards = new CardNumbers("clm-replay-token-key"u8.ToArray()) }));
    }

    /// <summary>All payments in the order of the source, and how many rows were rejected, the first few of them told on standard error.</summary>
    public static (List<PaymentRecord> Payments, int Rejected) ReadAll(IPaymentSource source)
    {
        const int told = 5;
        var payments = new List<PaymentRecord>();
        var rejected = 0;
        foreach (var entry in source.Read())
        {
            if (entry.Payment is { } payment)
                payments.Add(payment);
            else if (rejected++ < told)
                Console.Error.WriteLine($"line {entry.Line}: {entry.Rejection}");
        }

        if (rejected > told)
            Console.Error.WriteLine($"and {rejected - told} more rejected");

        return (payments, rejected);
    }
}
