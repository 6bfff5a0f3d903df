namespace ServerlessCLM.Transactions;

/// <summary>One row, element or message of a source: the payment in it, or why there is none.</summary>
/// <param name="Line">The line it starts on, from 1.</param>
/// <param name="Payment">Null when it was rejected.</param>
/// <param name="Rejection">The field as the source names it, and the reason.</param>
public readonly record struct SourceEntry(long Line, PaymentRecord? Payment, Rejection Rejection)
{
    public static SourceEntry Of(long line, PaymentRecord payment) => new(line, payment, default);

    public static SourceEntry Rejected(long line, string field, string reason) => new(line, null, new Rejection(field, reason));
}

/// <summary>A file or folder of payments in some format.</summary>
/// <remarks>Entries come lazily, and a bad one does not stop the others. A source that cannot be read at all throws
/// <see cref="SourceFormatException"/>.</remarks>
public interface IPaymentSource
{
    /// <summary>Size of the files, compressed as they are.</summary>
    long TotalBytes { get; }

    /// <summary>How much of <see cref="TotalBytes"/> the last <see cref="Read"/> has taken, for progress.</summary>
    long BytesRead { get; }

    /// <summary>Reads from the beginning.</summary>
    IEnumerable<SourceEntry> Read();
}

/// <summary>A source as a whole cannot be read; the message names the file, the line and the reason.</summary>
public sealed class SourceFormatException : FormatException
{
    public SourceFormatException(string file, long line, string reason, Exception? cause = null)
        : base(line > 0 ? $"{file}, line {line}: {reason}" : $"{file}: {reason}", cause)
    {
        File = file;
        Line = line;
    }

    public string File { get; }

    /// <summary>From 1; 0 when no line is to blame.</summary>
    public long Line { get; }
}

/// <summary>What some formats need to know beyond their file.</summary>
public sealed record PaymentSourceOptions
{
    /// <summary>Tells the year of dates without one, and the latest time accepted.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Customer of an account; the account itself when null.</summary>
    public Func<string, string>? CustomerOf { get; init; }

    /// <summary>Makes tokens of card numbers; formats that carry them need it.</summary>
    public CardNumbers? Cards { get; init; }
}

/// <summary>The formats by name.</summary>
public static class PaymentSources
{
    /// <summary>Names that <see cref="Open"/> knows.</summary>
    public static IReadOnlyList<string> Formats { get; } = ["berka", "ibm-card", "cloudevents", "camt", "iso8583"];

    /// <summary>Opens a source; berka names a folder, the others a file, compressed when its name ends in .gz.</summary>
    /// <exception cref="ArgumentException">The format is unknown, or needs an option that is missing.</exception>
    /// <exception cref="SourceFormatException">There is no such file or folder.</exception>
    public static IPaymentSource Open(string format, string path, PaymentSourceOptions? options = null)
    {
        options ??= new PaymentSourceOptions();
        return format switch
        {
            "berka" => new BerkaReader(path),
            "ibm-card" => new IbmCardReader(path),
            "cloudevents" => new CloudEventsReader(path, options.Clock),
            "camt" => new CamtReader(path, options.CustomerOf),
            "iso8583" => new Iso8583Json(path, options.Clock, options.Cards
                ?? throw new ArgumentException("Format iso8583 carries card numbers: give a key for their tokens.", nameof(options))),
            _ => throw new ArgumentException(
                $"Unknown format \"{format}\": one of {string.Join(", ", Formats)} is expected.", nameof(format)),
        };
    }
}
