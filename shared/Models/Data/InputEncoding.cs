namespace ServerlessCLM.Models;

/// <summary>How a table's columns become the numbers that a model takes, fitted on training rows alone.</summary>
/// <remarks>
/// Numbers stay as they are. A text column of at most <see cref="MostColumns"/> levels becomes a column of 1 and 0 for each, called
/// <c>column=level</c>; a missing text is the level <c>""</c>, and a level that training did not see is 0 in all of them. With more levels
/// it becomes one column of the share of events among a level's training rows, drawn towards the share of all rows by
/// <see cref="PriorRows"/> rows. The training rows themselves get the share among the rows before them in a seeded random order, so that
/// no row's own outcome is in its input (ordered target statistics: Prokhorenkova and others, NeurIPS 2018).
/// </remarks>
public sealed class InputEncoding
{
    /// <summary>Levels up to which each is a column of its own.</summary>
    public const int MostColumns = 64;

    /// <summary>Rows of the overall share that a level's own rows are mixed with.</summary>
    public const int PriorRows = 20;

    /// <param name="inputs">As a model document holds them.</param>
    public InputEncoding(IReadOnlyList<ModelFeature> inputs)
    {
        Inputs = inputs;
        Names = [.. inputs.SelectMany(input => input is { Levels: { } levels, Codes: null } ? levels.Select(level => $"{input.Name}={level}") : [input.Name])];
    }

    /// <summary>The table's columns, with their levels.</summary>
    public IReadOnlyList<ModelFeature> Inputs { get; }

    /// <summary>The model's columns.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Learns the levels and their codes, and encodes the rows learned from.</summary>
    /// <param name="columns">Of the table, without the target.</param>
    /// <param name="events">One a row of the table.</param>
    /// <param name="rows">The rows to learn from.</param>
    /// <param name="seed">Of the order in which rows get their codes.</param>
    public static (InputEncoding Encoding, TrainingSet Training) Fit(
        IReadOnlyList<DataColumn> columns, ReadOnlySpan<bool> events, IReadOnlyList<int> rows, ulong seed)
    {
        var outcomes = new bool[rows.Count];
        for (var i = 0; i < outcomes.Length; i++)
            outcomes[i] = events[rows[i]];

        var order = Enumerable.Range(0, rows.Count).ToArray();
        new SplitMix64(seed).Shuffle(order.AsSpan());
        var inputs = new List<ModelFeature>(columns.Count);
        var encoded = new List<float[]>();
        foreach (var column in columns)
        {
            if (column.Levels is null)
            {
                inputs.Add(new ModelFeature(column.Name));
                encoded.Add(Numbers(column, rows));
                continue;
            }

            var levels = rows.Select(row => column.Text(row) ?? "").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
            var places = Places(column, rows, levels);
            if (levels.Count <= MostColumns)
            {
                inputs.Add(new ModelFeature(column.Name, Levels: levels));
                encoded.AddRange(OneEach(places, levels.Count));
                continue;
            }

            var (codes, shares) = OrderedShares(places, levels.Count, outcomes, order);
            inputs.Add(new ModelFeature(column.Name, Levels: levels) { Codes = codes });
            encoded.Add(shares);
        }

        var encoding = new InputEncoding(inputs);
        return (encoding, new TrainingSet(encoding.Names, encoded, [.. outcomes.Select(hit => hit ? 1f : 0f)]));
    }

    /// <summary>Encodes rows that were not learned from. The labels of the set are 0.</summary>
    /// <param name="columns">At least those of <see cref="Inputs"/>, in any order.</param>
    /// <exception cref="TrainingDataException">A column is missing, or is of texts where numbers were learned.</exception>
    public TrainingSet Encode(IReadOnlyList<DataColumn> columns, IReadOnlyList<int> rows)
    {
        var encoded = new List<float[]>(Names.Count);
        foreach (var input in Inputs)
        {
            var column = columns.FirstOrDefault(column => column.Name == input.Name) ?? throw new TrainingDataException($"column {input.Name} is missing");
            if (input.Levels is null)
            {
                encoded.Add(column.Numbers is not null ? Numbers(column, rows) : throw new TrainingDataException($"column {input.Name} must be of numbers"));
                continue;
            }

            var places = Places(column, rows, input.Levels);
            if (input.Codes is { } codes)
                encoded.Add([.. places.Select(place => codes[place < 0 ? codes.Count - 1 : place])]);
            else
                encoded.AddRange(OneEach(places, input.Levels.Count));
        }

        return new TrainingSet(Names, encoded, new float[rows.Count]);
    }

    private static float[] Numbers(DataColumn column, IReadOnlyList<int> rows) => [.. rows.Select(row => column.Numbers![row])];

    /// <summary>The place of each row's text among the levels; −1 for none of them.</summary>
    private static int[] Places(DataColumn column, IReadOnlyList<int> rows, IReadOnlyList<string> levels)
    {
        var places = levels.Index().ToDictionary(level => level.Item, level => level.Index, StringComparer.Ordinal);
        if (column.Levels is null)
            return [.. rows.Select(row => places.GetValueOrDefault(column.Text(row) ?? "", -1))];

        int[] byCode = [.. column.Levels.Select(level => places.GetValueOrDefault(level, -1))];
        var missing = places.GetValueOrDefault("", -1);
        return [.. rows.Select(row => column.Codes![row] is var code && code < 0 ? missing : byCode[code])];
    }

    private static IEnumerable<float[]> OneEach(int[] places, int levels) =>
        Enumerable.Range(0, levels).Select(level => Array.ConvertAll(places, place => place == level ? 1f : 0f));

    private static (float[] Codes, float[] Shares) OrderedShares(int[] places, int levels, bool[] outcomes, int[] order)
    {
        var prior = outcomes.Count(hit => hit) / (double)outcomes.Length;
        var rows = new int[levels];
        var hits = new int[levels];
        var shares = new float[places.Length];
        foreach (var row in order)
        {
            var place = places[row];
            shares[row] = Share(place);
            rows[place]++;
            hits[place] += outcomes[row] ? 1 : 0;
        }

        return ([.. Enumerable.Range(0, levels).Select(Share), (float)prior], shares);

        float Share(int place) => (float)((hits[place] + (PriorRows * prior)) / (rows[place] + PriorRows));
    }
}
