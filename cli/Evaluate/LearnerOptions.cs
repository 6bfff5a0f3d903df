using System.CommandLine;
using ServerlessCLM.Models;

namespace ServerlessCLM.Cli.Evaluate;

/// <summary>The options that say what is trained, and how.</summary>
internal sealed class LearnerOptions
{
    public const string Trees = "gbdt", Logistic = "logistic";

    private readonly Option<string> _model = new("--model") { Description = "gbdt (gradient-boosted trees) or logistic", DefaultValueFactory = _ => Trees };
    private readonly Option<int> _trees = Ranged("--trees", "Trees", 300, 1, 100_000);
    private readonly Option<int> _depth = Ranged("--depth", "Levels of splits in a tree", 5, 1, 12);
    private readonly Option<double> _rate = Ranged("--rate", "Learning rate", 0.05, 1e-6, 1.0);
    private readonly Option<double> _rows = Ranged("--rows", "Share of the rows that a tree is grown on", 0.8, 1e-6, 1.0);
    private readonly Option<double> _columns = Ranged("--columns", "Share of the columns that a tree may use", 0.8, 1e-6, 1.0);
    private readonly Option<int> _bins = Ranged("--bins", "Bins of a column's values", 255, 2, 255);
    private readonly Option<double> _childWeight = Ranged("--min-child-weight", "Least sum of hessians in a child", 1.0, 0, 1e9);
    private readonly Option<double> _l2 = Ranged("--l2", "Ridge, of the leaves or of the standardised weights", 1.0, 1e-9, 1e9);
    private readonly Option<string?> _rising = new("--rising") { Description = "Columns of numbers with which the score must not fall, as a,b (gbdt)" };
    private readonly Option<string?> _falling = new("--falling") { Description = "Columns of numbers with which the score must not rise, as a,b (gbdt)" };
    private readonly Option<int> _threads = Ranged("--threads", "Threads; the result does not depend on them", Environment.ProcessorCount, 1, 1024);
    private readonly Option<int> _seed = Ranged("--seed", "Seed of folds, samples and encoding", 1, 0, int.MaxValue);

    public void AddTo(Command command)
    {
        _model.AcceptOnlyFromAmong(Trees, Logistic);
        foreach (var option in (Option[])[_model, _trees, _depth, _rate, _rows, _columns, _bins, _childWeight, _l2, _rising, _falling, _threads, _seed])
            command.Options.Add(option);
    }

    public string Kind(ParseResult arguments) => arguments.GetRequiredValue(_model);

    public ulong Seed(ParseResult arguments) => (ulong)arguments.GetValue(_seed);

    public double L2(ParseResult arguments) => arguments.GetValue(_l2);

    /// <exception cref="UnusableArgumentException">A column that is to rise or fall is no column of numbers.</exception>
    public TreeOptions TreesOf(ParseResult arguments, LearningData data)
    {
        var monotone = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (names, direction) in new[] { (arguments.GetValue(_rising), 1), (arguments.GetValue(_falling), -1) })
        {
            foreach (var name in DataOptions.Names(names))
            {
                if (name == data.Target.Name || data.Table.Columns.FirstOrDefault(column => column.Name == name) is not { Numbers: not null } column)
                    throw new UnusableArgumentException($"{(direction > 0 ? _rising : _falling).Name}: {name} is no column of numbers to learn from");

                // A column that was dropped keeps any direction.
                if (data.Inputs.Columns.Contains(column) && !monotone.TryAdd(name, direction))
                    throw new UnusableArgumentException($"{name} is named twice in --rising and --falling");
            }
        }

        return new TreeOptions
        {
            Trees = arguments.GetValue(_trees), Depth = arguments.GetValue(_depth), LearningRate = arguments.GetValue(_rate),
            RowSample = arguments.GetValue(_rows), ColumnSample = arguments.GetValue(_columns), Bins = arguments.GetValue(_bins),
            MinChildWeight = arguments.GetValue(_childWeight), L2 = arguments.GetValue(_l2), Monotone = monotone,
            Threads = arguments.GetValue(_threads), Seed = Seed(arguments),
        };
    }

    public Learner LearnerOf(ParseResult arguments, LearningData data) => Kind(arguments) == Trees
        ? Learners.Trees(TreesOf(arguments, data))
        : Learners.Logistic(L2(arguments));

    private static Option<T> Ranged<T>(string name, string description, T usual, T low, T high)
        where T : IComparable<T>
    {
        var option = new Option<T>(name) { Description = $"{description} ({usual})", DefaultValueFactory = _ => usual };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.GetValueOrDefault<T>() is { } value && (value.CompareTo(low) < 0 || value.CompareTo(high) > 0))
                result.AddError($"{name} must be from {low} to {high}, is {value}");
        });
        return option;
    }
}
