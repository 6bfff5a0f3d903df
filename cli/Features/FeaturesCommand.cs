using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using CsvHelper;
using ServerlessCLM.Features;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Cli.Features;

/// <summary><c>clm features</c>: vectors as they stood, from strictly earlier payments, by the code that scores the stream.</summary>
internal static class FeaturesCommand
{
    private static readonly string[] KeyColumns = ["customer", "customer_id", "account", "account_id"];
    private static readonly string[] DateColumns = ["date", "as_of"];

    public static Command Create()
    {
        var source = new SourceOptions();
        var asOf = new Option<FileInfo>("--as-of") { Description = "CSV with customer or account and date", Required = true };
        var keep = new Option<string[]>("--keep") { Description = "Columns of that file to carry over after id and date", AllowMultipleArgumentsPerToken = true };
        var json = Output.Json();
        var output = Output.File();
        var command = new Command("features", "Feature vectors as of a date, from transactions strictly before it") { asOf, keep, json, output };
        source.AddTo(command);
        command.SetAction(async (arguments, cancellation) =>
        {
            var (format, payments) = source.Open(arguments);
            var questions = Questions.Read(arguments.GetRequiredValue(asOf), arguments.GetValue(keep) ?? []);
            Answer(format, SourceOptions.ReadAll(payments).Payments, questions.Rows, cancellation);
            await Output.WriteAsync(arguments.GetValue(output),
                writer => arguments.GetValue(json) ? WriteJsonAsync(writer, questions) : WriteCsvAsync(writer, questions));
            return CommandHost.Done;
        });
        return command;
    }

    private static void Answer(string format, List<PaymentRecord> payments, List<Question> rows, CancellationToken cancellation)
    {
        var wanted = rows.ToLookup(row => row.Key, StringComparer.Ordinal);
        var histories = new Dictionary<string, List<PaymentRecord>>(StringComparer.Ordinal);
        foreach (var payment in payments)
        {
            var key = wanted.Contains(payment.Customer) ? payment.Customer : wanted.Contains(payment.AccountId) ? payment.AccountId : null;
            if (key is null)
                continue;

            if (!histories.TryGetValue(key, out var history))
                histories[key] = history = [];
            history.Add(payment);
        }

        if (histories.Count == 0 && rows.Count > 0)
            throw new UnusableArgumentException($"none of the {rows.Count} customers or accounts is in the {format} source; the first is '{rows[0].Key}'");

        foreach (var customer in wanted)
        {
            cancellation.ThrowIfCancellationRequested();
            Answer(histories.GetValueOrDefault(customer.Key) ?? [], customer);
        }
    }

    /// <summary>Walks a customer's history once, answering each date before the first payment that is not earlier.</summary>
    private static void Answer(List<PaymentRecord> history, IEnumerable<Question> questions)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        var state = new FeatureState();
        using var ordered = history.OrderBy(payment => payment.Time).GetEnumerator();
        var more = ordered.MoveNext();
        foreach (var question in questions.OrderBy(question => question.At))
        {
            for (; more && ordered.Current.Time < question.At; more = ordered.MoveNext())
            {
                buffer.ResetWrittenCount();
                CloudEventWriter.Write(ordered.Current, buffer);
                if (!PaymentParser.TryParse(buffer.WrittenSpan, long.MaxValue / 2, out var payment, out var rejection))
                    throw new UnusableArgumentException($"payment {ordered.Current.Id}: {rejection}");

                state.Apply(payment);
            }

            state.Fill(question.At.ToUnixTimeMilliseconds(), question.Vector);
        }
    }

    private static async Task WriteCsvAsync(TextWriter writer, Questions questions)
    {
        await using var csv = CsvWriter.Create(writer, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true);
        csv.WriteHeader([questions.KeyColumn, questions.DateColumn, .. questions.Kept, .. FeatureCatalogue.All.Select(feature => feature.Name)]);
        foreach (var row in questions.Rows)
        {
            foreach (var text in (string[])[row.Key, row.Date, .. row.Kept])
                csv.WriteField(text);
            foreach (var value in row.Vector)
                csv.WriteField(float.IsNaN(value) ? "" : value.ToString("R", CultureInfo.InvariantCulture));
            await csv.EndRecordAsync();
        }
    }

    private static async Task WriteJsonAsync(TextWriter writer, Questions questions)
    {
        await using var stream = new MemoryStream();
        await using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartArray();
            foreach (var row in questions.Rows)
            {
                json.WriteStartObject();
                json.WriteString(questions.KeyColumn, row.Key);
                json.WriteString(questions.DateColumn, row.Date);
                for (var i = 0; i < questions.Kept.Count; i++)
                    json.WriteString(questions.Kept[i], row.Kept[i]);
                json.WriteStartObject("features");
                for (var i = 0; i < row.Vector.Length; i++)
                {
                    if (float.IsNaN(row.Vector[i]))
                        json.WriteNull(FeatureCatalogue.All[i].Name);
                    else
                        json.WriteNumber(FeatureCatalogue.All[i].Name, row.Vector[i]);
                }

                json.WriteEndObject();
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        await writer.WriteLineAsync(System.Text.Encoding.UTF8.GetString(stream.ToArray()));
    }

    /// <summary>One line of the as-of file, and its answer.</summary>
    private sealed record Question(string Key, string Date, DateTimeOffset At, string[] Kept)
    {
        public float[] Vector { get; } = new float[FeatureCatalogue.Count];
    }

    private sealed record Questions(string KeyColumn, string DateColumn, IReadOnlyList<string> Kept, List<Question> Rows)
    {
        private static readonly string[] Formats = ["yyyy-MM-dd", "yyyyMMdd", "yyMMdd", "yyyy-MM-dd'T'HH:mm:ss'Z'"];

        public static Questions Read(FileInfo file, string[] keep)
        {
            using var stream = OpenRead(file);
            using var csv = CsvReader.Create(stream, new CsvReaderOptions { TrackLineNumbers = true });
            try
            {
                csv.ReadHeader();
                var key = Column(file, csv, KeyColumns);
                var date = Column(file, csv, DateColumns);
                var kept = keep.Select(name => Column(file, csv, [name])).ToArray();
                var rows = new List<Question>();
                while (csv.Read())
                    rows.Add(new Question(csv.GetString(key), csv.GetString(date), At(file, csv, date), [.. kept.Select(csv.GetString)]));

                return new Questions(csv.Headers[key], csv.Headers[date], keep, rows);
            }
            catch (Exception broken) when (broken is CsvFormatException or InvalidDataException)
            {
                throw new UnusableArgumentException($"{file}, line {csv.LineNumber}: cannot be read as CSV ({broken.Message})");
            }
        }

        private static int Column(FileInfo file, CsvReader csv, string[] names)
        {
            foreach (var name in names)
            {
                if (csv.TryGetFieldIndex(name, out var index))
                    return index;
            }

            throw new UnusableArgumentException($"{file}: a column called {string.Join(" or ", names)} is missing");
        }

        private static Stream OpenRead(FileInfo file)
        {
            var stream = file.OpenRead();
            return file.Name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)
                ? new System.IO.Compression.GZipStream(stream, System.IO.Compression.CompressionMode.Decompress)
                : stream;
        }

        private static DateTimeOffset At(FileInfo file, CsvReader csv, int column) =>
            DateTimeOffset.TryParseExact(csv.GetString(column), Formats, CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at)
                ? at
                : throw new UnusableArgumentException($"{file}, line {csv.LineNumber}: '{csv.GetString(column)}' must be a date like 1997-05-31 or 970531");
    }
}
