using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using ServerlessCLM.Emulator;

namespace ServerlessCLM.Tests.Emulator.Timers;

public partial class CronScheduleTests
{
    [Theory]
    [InlineData("0 */5 * * * *", "2026-01-31T23:57:00", "2026-02-01T00:00:00")]
    [InlineData("0 */5 * * * *", "2026-02-01T00:00:00", "2026-02-01T00:05:00")]
    [InlineData("*/5 * * * *", "2026-02-01T00:01:30", "2026-02-01T00:05:00")]
    [InlineData("0 0 9-17 * * MON-FRI", "2026-01-30T17:00:00", "2026-02-02T09:00:00")]
    [InlineData("0 0 0 1 January,jul *", "2026-01-01T00:00:00", "2026-07-01T00:00:00")]
    [InlineData("30 0/20 6 * * *", "2026-01-01T06:00:30", "2026-01-01T06:20:30")]
    [InlineData("0 0 0 29 2 *", "2096-02-29T00:00:00", "2104-02-29T00:00:00")]
    [InlineData("0 0 0 29 2 0", "2088-02-29T00:00:00", "2128-02-29T00:00:00")]
    [InlineData("59 59 23 31 12 *", "2026-12-31T23:59:58.9999999", "2026-12-31T23:59:59")]
    [InlineData("59 59 23 31 12 *", "2026-12-31T23:59:59", "2027-12-31T23:59:59")]
    public void The_next_occurrence_is_strictly_after(string expression, string after, string next) =>
        Assert.Equal(Utc(next), CronSchedule.Parse(expression).Next(Utc(after)));

    [Fact]
    public void Other_zones_are_the_same_instants() =>
        Assert.Equal(Utc("2026-06-01T12:00:00"), CronSchedule.Parse("0 0 12 * * *").Next(new(2026, 6, 1, 13, 30, 0, TimeSpan.FromHours(2))));

    [Theory]
    [InlineData("", "it has 0 fields")]
    [InlineData("* * * *", "it has 4 fields")]
    [InlineData("* * * * * * *", "it has 7 fields")]
    [InlineData("60 * * * * *", "field 'second' is '60': 60 is not from 0 to 59")]
    [InlineData("* * 24 * * *", "field 'hour'")]
    [InlineData("* * * 0 * *", "field 'day of month' is '0': 0 is not from 1 to 31")]
    [InlineData("* * * * 13 *", "field 'month'")]
    [InlineData("* * * * * 7", "field 'day of week' is '7': 7 is not from 0 to 6")]
    [InlineData("* * * * FOO *", "field 'month' is 'FOO': 'FOO' is not a number or name")]
    [InlineData("1, * * * * *", "field 'second' is '1,': '' is not a number")]
    [InlineData("*/0 * * * * *", "a step must be at least 1")]
    [InlineData("*/x * * * * *", "'x' is not a number")]
    [InlineData("-5 * * * * *", "'-5' is not a number")]
    [InlineData("* * 22-4 * * *", "the range 22-4 ends before it starts; write it as two")]
    [InlineData("* * * L * *", "'L' is not a number")]
    [InlineData("0 0 0 30 2 *", "no day ever matches")]
    public void A_wrong_expression_is_an_error_that_names_the_field(string expression, string reason) =>
        Assert.Contains(reason, Assert.Throws<FormatException>(() => CronSchedule.Parse(expression)).Message, StringComparison.Ordinal);

    [Fact]
    public void Agrees_with_the_reference_cases_of_another_library()
    {
        var path = Path.Combine(SourceFolder(), "../../../../shared/data/oracles/cron_cases.json");
        Assert.SkipUnless(File.Exists(path), $"the reference cases {Path.GetFullPath(path)} are not here");
        var cases = JsonSerializer.Deserialize<List<ReferenceCase>>(File.ReadAllBytes(path), JsonSerializerOptions.Web)!;

        var checkedCases = cases.Where(one => !IsForeign(one.Expression)).ToList();
        foreach (var one in checkedCases)
        {
            // The cases count their start as an occurrence.
            var next = CronSchedule.Parse(one.Expression).Next(Time(one.From).AddTicks(-1));
            Assert.True(Time(one.Next) == next, $"{one.Expression} from {one.From}: {next:O}, expected {one.Next}");
        }

        Assert.Equal((220, 163), (cases.Count, checkedCases.Count));
    }

    /// <summary>What NCRONTAB does not have: L and W, Sunday as 7, ranges that wrap around.</summary>
    static bool IsForeign(string expression) =>
        LastOrNearestWeekday().IsMatch(expression)
        || SundayAsSeven().IsMatch(expression)
        || Ranges().Matches(expression).Any(range => int.Parse(range.Groups["start"].Value) > int.Parse(range.Groups["end"].Value));

    [GeneratedRegex(@"(?<![A-Za-z])[0-9]*[lLwW]|[0-9][wWlL]", RegexOptions.None, 1000)]
    private static partial Regex LastOrNearestWeekday();

    [GeneratedRegex(@"[, -]0?7[^ ]*$", RegexOptions.None, 1000)]
    private static partial Regex SundayAsSeven();

    [GeneratedRegex("(?<start>[0-9]+)-(?<end>[0-9]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Ranges();

    // A case without a date is about one day only; this one is an ordinary Friday.
    static DateTimeOffset Time(string text) => Utc(text.Contains('-') ? text : text.Contains(':') ? $"2016-12-09 {text}" : text);

    static DateTimeOffset Utc(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    static string SourceFolder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

    sealed record ReferenceCase(string Expression, string From, string Next);
}
