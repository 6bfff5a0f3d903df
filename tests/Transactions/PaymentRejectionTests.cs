using System.Text;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Tests.Transactions;

public class PaymentRejectionTests
{
    private const string Time = "2025-03-01T13:00:00.250+01:00";

    private const string Json = "must be one JSON object in UTF-8";

    /// <summary>What is replaced in the example, by what, and the field and reason expected.</summary>
    public static TheoryData<string, string, string, string> Bad => new()
    {
        { "\"specversion\":\"1.0\",", "", "specversion", "is required" },
        { "\"1.0\"", "\"0.3\"", "specversion", "must be \"1.0\"" },
        { "\"1.0\"", "1.0", "specversion", "must be a text" },
        { "\"id\":\"e-1\",", "", "id", "is required" },
        { "\"e-1\"", "\"\"", "id", "1 to 512 bytes" },
        { "\"e-1\"", "17", "id", "must be a text" },
        { "\"e-1\"", "null", "id", "is required" },
        { "\"e-1\"", "\"a\\u0000b\"", "id", "without control characters" },
        { "\"e-1\"", "\"\\ud800\"", "id", "1 to 512 bytes" },
        { "\"e-1\"", $"\"{new string('x', 513)}\"", "id", "1 to 512 bytes" },
        { "\"e-1\"", "\"e-1\",\"id\":\"e-2\"", "id", "must appear once" },
        { "\"e-1\"", "\"e-1\",\"i\\u0064\":\"e-2\"", "id", "must appear once" },
        { "\"source\":\"/bank/core\",", "", "source", "is required" },
        { "\"/bank/core\"", "\"\"", "source", "1 to 512 bytes" },
        { "\"/bank/core\"", "{}", "source", "must be a text" },
        { "\"subject\":\"c-42\",", "", "subject", "is required" },
        { "\"c-42\"", "\"\"", "subject", "must be a customer id" },
        { "\"c-42\"", "\"c/42\"", "subject", "must be a customer id" },
        { "\"c-42\"", "\"c 42\"", "subject", "must be a customer id" },
        { "\"c-42\"", "\"c\\u002d42\"", "subject", "without escapes" },
        { "\"c-42\"", "\"é\"", "subject", "must be a customer id" },
        { "\"c-42\"", $"\"{new string('c', 129)}\"", "subject", "1 to 128 characters" },
        { "\"c-42\"", "42", "subject", "must be a text" },
        { "\"type\":\"clm.transaction.v1\",", "", "type", "is required" },
        { "clm.transaction.v1", "clm.transaction.v2", "type", "must be clm.transaction.v1" },
        { "clm.transaction.v1", "clm.outcome.v1", "type", "must be clm.transaction.v1" },
        { "\"clm.transaction.v1\"", "null", "type", "is required" },
        { $"\"time\":\"{Time}\",", "", "time", "is required" },
        { Time, "2025-03-01", "time", "must be an RFC 3339 time" },
        { Time, "2025-03-01T13:00:00", "time", "with an offset or Z" },
        { Time, "2025-03-01 13:00:00Z", "time", "must be an RFC 3339 time" },
        { Time, "2025-03-01T13:00Z", "time", "must be an RFC 3339 time" },
        { Time, "2025-02-29T13:00:00Z", "time", "must be an RFC 3339 time" },
        { Time, "2025-13-01T13:00:00Z", "time", "must be an RFC 3339 time" },
        { Time, "2025-03-01T24:00:00Z", "time", "must be an RFC 3339 time" },
        { Time, "2025-03-01T13:60:00Z", "time", "must be an RFC 3339 time" },
        { Time, "2025-03-01T13:00:60Z", "time", "must be an RFC 3339 time" },
        { Time, "2025-03-01T13:00:00.Z", "time", "must be an RFC 3339 time" },
        { Time, "2025-03-01T13:00:00.5", "time", "must be an RFC 3339 time" },
        { Time, "2025-03-01T13:00:00+0100", "time", "must be an RFC 3339 time" },
        { Time, "2025-03-01T13:00:00+24:00", "time", "must be an RFC 3339 time" },
        { Time, "2025-03-01T13:00:00Zulu", "time", "must be an RFC 3339 time" },
        { Time, "1970-01-01T23:59:59Z", "time", "must not be before 1970-01-02" },
        { Time, "1970-01-02T00:00:00+01:00", "time", "must not be before 1970-01-02" },
        { Time, "2025-03-03T00:00:00.001Z", "time", "must not be more than 24 hours ahead" },
        { Time, "9999-12-31T23:59:59Z", "time", "must not be more than 24 hours ahead" },
        { $"\"{Time}\"", "1740830400", "time", "must be a text" },
        { "\"accountId\":\"A-1\",", "", "data.accountId", "is required" },
        { "\"A-1\"", "null", "data.accountId", "is required" },
        { "\"A-1\"", "1", "data.accountId", "must be a text" },
        { "\"A-1\"", "\"\"", "data.accountId", "1 to 512 bytes" },
        { "\"amount\":-42.10,", "", "data.amount", "is required" },
        { "-42.10", "null", "data.amount", "is required" },
        { "-42.10", "\"-42.10\"", "data.amount", "must be a JSON number, not a text" },
        { "-42.10", "true", "data.amount", "must be a JSON number" },
        { "-42.10", "-42.10001", "data.amount", "at most four decimals" },
        { "-42.10", "1e-5", "data.amount", "at most four decimals" },
        { "-42.10", "0.000000000000000000012345678901234567891", "data.amount", "at most four decimals" },
        { "-42.10", "1000000000000.0001", "data.amount", "must lie between" },
        { "-42.10", "-1e13", "data.amount", "must lie between" },
        { "-42.10", "1e999999999999999", "data.amount", "must lie between" },
        { "-42.10", "123456789012345678901234567890", "data.amount", "must lie between" },
        { "-42.10", "-42.10,\"amount\":1", "data.amount", "must appear once" },
        { "-42.10", "NaN", "$", Json },
        { "-42.10", "-", "$", Json },
        { "-42.10", "042", "$", Json },
        { "-42.10", "4.", "$", Json },
        { "-42.10", ".5", "$", Json },
        { "-42.10", "+5", "$", Json },
        { "\"currency\":\"EUR\",", "", "data.currency", "is required" },
        { "\"EUR\"", "\"eur\"", "data.currency", "three letters A–Z" },
        { "\"EUR\"", "\"EURO\"", "data.currency", "three letters A–Z" },
        { "\"EUR\"", "978", "data.currency", "must be a text" },
        { "\"kind\":\"card\",", "", "data.kind", "is required" },
        { "\"card\"", "\"Card\"", "data.kind", "must be one of card, transfer" },
        { "\"status\":\"booked\",", "", "data.status", "is required" },
        { "\"booked\"", "\"settled\"", "data.status", "must be one of booked, pending" },
        { "\"booked\"", "\"declined\"", "data.reason", "an ISO 8583 response code" },
        { "\"booked\"", "\"returned\"", "data.reason", "an ISO 20022 code" },
        { "\"booked\"", "\"returned\",\"reason\":null", "data.reason", "is required" },
        { "\"booked\"", "\"returned\",\"reason\":\"\"", "data.reason", "one to eight letters" },
        { "\"booked\"", "\"returned\",\"reason\":\"AM04-AM05\"", "data.reason", "one to eight letters" },
        { "\"booked\"", "\"declined\",\"reason\":51", "data.reason", "must be a text" },
        { "\"5411\"", "5411", "data.mcc", "must be a text" },
        { "\"5411\"", "\"541\"", "data.mcc", "four digits" },
        { "\"5411\"", "\"54a1\"", "data.mcc", "four digits" },
        { "\"Grocer 12\"", "12", "data.merchant", "must be a text" },
        { "\"Grocer 12\"", "\"\"", "data.merchant", "1 to 512 bytes" },
        { "\"DE\"", "\"DEU\"", "data.country", "two letters A–Z" },
        { "\"DE\"", "\"de\"", "data.country", "two letters A–Z" },
        { "812.55", "\"812.55\"", "data.balanceAfter", "must be a JSON number" },
        { "812.55", "812.55555", "data.balanceAfter", "at most four decimals" },
        { "3000.00", "-1", "data.creditLimit", "must not be negative" },
        { "3000.00", "[]", "data.creditLimit", "must be a JSON number" },
        { "2025-03-05", "05.03.2025", "data.dueDate", "must be a date YYYY-MM-DD" },
        { "2025-03-05", "2025-02-30", "data.dueDate", "must be a date YYYY-MM-DD" },
        { "2025-03-05", "1970-01-01", "data.dueDate", "from 1970-01-02" },
        { "2025-03-05", "2149-06-07", "data.dueDate", "to 2149-06-06" },
        { "\"data\":{", "\"dataset\":{", "data", "is required" },
        { "\"data\":{", "\"data\":[{", "$", Json },
        { "}}", "}", "$", Json },
        { "}}", "}}}", "$", Json },
        { "}}", "}} x", "$", Json },
        { "}}", ",}}", "$", Json },
        { "}}", "},}", "$", Json },
        { "}}", ",\"x\":{\"y\":[1,]}}}", "$", Json },
        { "}}", ",\"x\":\"\\x\"}}", "$", Json },
        { "}}", ",\"x\":\"\\u12g4\"}}", "$", Json },
        { "}}", ",\"x\":\"a\tb\"}}", "$", Json },
        { "}}", ",\"x\":nul}}", "$", Json },
        { "}}", ",\"x\":[1 2]}}", "$", Json },
        { "}}", ",\"x\":[1}}}", "$", Json },
        { "{\"spec", "\uFEFF{\"spec", "$", Json },
        { "{\"spec", "[{\"spec", "$", Json },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void Names_field_and_reason(string replace, string by, string field, string reason)
    {
        var json = PaymentParserTests.Example;
        var at = json.IndexOf(replace, StringComparison.Ordinal);
        Assert.True(at >= 0, replace);
        var rejection = Reject(string.Concat(json.AsSpan(0, at), by, json.AsSpan(at + replace.Length)));
        Assert.Equal(field, rejection.Field);
        Assert.Contains(reason, rejection.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"{}\"")]
    [InlineData("{")]
    public void Rejects_what_is_no_object(string json) => Assert.Equal("$", Reject(json).Field);

    [Fact]
    public void Names_an_unknown_type_before_fields_that_belong_to_it()
    {
        var rejection = Reject(
            """{"data":{"outcome":"click"},"specversion":"1.0","type":"com.example.other"}""");
        Assert.Equal(new Rejection("type", "must be clm.transaction.v1"), rejection);
    }

    [Fact]
    public void Names_broken_json_before_a_bad_field() =>
        Assert.Contains("broken at byte 36", Reject("""{"specversion":"9","data":{"amount":}}""").Reason, StringComparison.Ordinal);

    [Fact]
    public void Rejects_invalid_utf8_and_too_many_bytes()
    {
        var utf8 = Encoding.UTF8.GetBytes(PaymentParserTests.Example);
        utf8[^30] = 0xC0;
        Assert.False(PaymentParser.TryParse(utf8, PaymentParserTests.Now, out _, out var rejection));
        Assert.Equal("$", rejection.Field);
        Assert.False(PaymentParser.TryParse(new byte[2_000_000], PaymentParserTests.Now, out _, out rejection));
        Assert.Equal(new Rejection("$", "must have at most 1,048,576 bytes"), rejection);
    }

    [Theory]
    [InlineData(62, true)]
    [InlineData(63, false)]
    public void Limits_nesting(int depth, bool accepted)
    {
        var nested = new string('[', depth) + new string(']', depth);
        var json = PaymentParserTests.Example.Replace("}}", $",\"x\":{nested}}}}}", StringComparison.Ordinal);
        Assert.Equal(accepted, PaymentParser.TryParse(Encoding.UTF8.GetBytes(json), PaymentParserTests.Now, out _, out _));
    }

    private static Rejection Reject(string json)
    {
        Assert.False(PaymentParser.TryParse(Encoding.UTF8.GetBytes(json), PaymentParserTests.Now, out var payment, out var rejection));
        Assert.Equal(0UL, payment.EventDigest);
        return rejection;
    }
}
