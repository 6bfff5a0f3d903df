using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using ServerlessCLM.Models;

namespace ServerlessCLM.Bench.Models;

/// <summary>XGBoost in a process of its own, given the same rows through files.</summary>
internal sealed class XgboostPeer : IDisposable
{
    private const string Python = "/usr/bin/python3";

    private readonly string _folder = Directory.CreateTempSubdirectory("clm-bench").FullName;

    /// <summary>XGBoost's version; null where it is not installed.</summary>
    public static string? Version()
    {
        if (!File.Exists(Python))
            return null;

        var version = Run("-c", """
            try:
                import numpy, xgboost
                print(xgboost.__version__)
            except ImportError:
                pass
            """).Trim();
        return version.Length > 0 ? version : null;
    }

    public void Give(BenchTable table, TreeOptions options, int explained = 0)
    {
        Write("x.bin", table.RowMajor());
        Write("y.bin", table.Labels);
        Write("fold.bin", table.FoldOf);
        File.WriteAllText(Path.Combine(_folder, "spec.json"), JsonSerializer.Serialize(new
        {
            features = table.Features.Length, depth = options.Depth, rate = options.LearningRate, trees = options.Trees,
            rowSample = options.RowSample, columnSample = options.ColumnSample, threads = options.Threads, explained,
        }));
    }

    /// <summary>Trains without each fold in turn.</summary>
    /// <returns>The cost of training and the margin of each row from the model that did not see it.</returns>
    public (Cost Cost, float[] Margins) Folds()
    {
        using var answer = Ask("folds");
        return (new Cost(answer.RootElement.GetProperty("wall").GetDouble(), answer.RootElement.GetProperty("processor").GetDouble()), Read("margins.bin"));
    }

    /// <summary>Trains on all rows, scores them and explains some.</summary>
    public XgboostScores Score()
    {
        using var answer = Ask("score");
        using var model = File.OpenRead(Path.Combine(_folder, "model.json"));
        return new XgboostScores(
            TreeEnsemble.FromXgboost(model), Read("margins.bin"), Read("contributions.bin"),
            answer.RootElement.GetProperty("batch").GetDouble(), answer.RootElement.GetProperty("row").GetDouble(),
            answer.RootElement.GetProperty("explain").GetDouble());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private JsonDocument Ask(string task) => JsonDocument.Parse(Run(Path.Combine(ThisFolder(), "xgboost_peer.py"), _folder, task));

    private static string Run(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Python, arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{Python} ended with {process.ExitCode}; its reason is above");
    }

    private void Write<T>(string file, T[] values) where T : unmanaged =>
        File.WriteAllBytes(Path.Combine(_folder, file), MemoryMarshal.AsBytes<T>(values));

    private float[] Read(string file) => MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Path.Combine(_folder, file))).ToArray();

    private static string ThisFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}

/// <param name="Batch">Seconds per row, all rows in one call.</param>
/// <param name="Row">Seconds of a call with one row.</param>
/// <param name="Explain">Seconds per row.</param>
internal sealed record XgboostScores(TreeEnsemble Model, float[] Margins, float[] Contributions, double Batch, double Row, double Explain);

/// <summary>Seconds that work took, by the clock and of processor time. A machine shared with others stretches the first.</summary>
internal readonly record struct Cost(double Wall, double Processor);
