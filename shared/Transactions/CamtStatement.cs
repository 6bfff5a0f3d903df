using System.Globalization;
using System.Xml.Linq;

namespace ServerlessCLM.Transactions;

/// <summary>One report, statement or notification of a camt message, gathered part by part in the order of its schema.</summary>
internal sealed class CamtStatement(Func<string, string>? customerOf)
{
    private readonly List<SourceEntry> entries = [];
    private readonly Dictionary<DateTimeOffset, int> ordersInDay = [];
    private string account = "", customer = "", accountCurrency = "";
    private decimal? opening, closing;

    public void Take(XElement part, long line)
    {
        switch (part.Name.LocalName)
        {
            case "Acct" when account.Length == 0:
                account = part.Text("Id", "IBAN") ?? part.Text("Id", "Othr", "Id") ?? "";
                customer = account.Length == 0 ? "" : customerOf?.Invoke(account) ?? account;
                accountCurrency = part.Text("Ccy") ?? "";
                break;
            case "Bal":
                TakeBalance(part);
                break;
            case "Ntry":
                entries.AddRange(Read(part, line));
                break;
        }
    }

    /// <summary>The payments, with balances where the statement's own balances confirm them.</summary>
    public IEnumerable<SourceEntry> Entries()
    {
        var booked = entries.Where(entry => entry.Payment is { Status: not PaymentStatus.Pending }).Select(entry => entry.Payment!).ToList();
        var confirmed = opening is { } start && closing == start + booked.Sum(payment => payment.Amount)
            && entries.All(entry => entry.Payment is not null)
            && booked.TrueForAll(payment => payment.Currency == accountCurrency || accountCurrency.Length == 0)
            && booked.Zip(booked.Skip(1)).All(pair => pair.First.Time <= pair.Second.Time);
        if (!confirmed)
            return entries;
        var balance = opening!.Value;
        return entries.ConvertAll(entry => entry.Payment!.Status == PaymentStatus.Pending
            ? entry
            : entry with { Payment = entry.Payment with { BalanceAfter = balance += entry.Payment.Amount } });
    }

    private void TakeBalance(XElement part)
    {
        var code = part.Text("Tp", "CdOrPrtry", "Cd");
        if (!TryAmount(part, out var amount))
            return;
        switch (code)
        {
            case "OPBD" or "PRCD":
                opening ??= amount;
                break;
            case "CLBD" or "ITBD":
                closing = amount;
                break;
        }
    }

    private static bool TryAmount(XElement part, out decimal signed)
    {
        var taken = SourceText.TryMoney(part.Text("Amt") ?? "", out signed);
        if (part.Text("CdtDbtInd") == "DBIT")
            signed = -signed;
        return taken;
    }

    private List<SourceEntry> Read(XElement entry, long line)
    {
        if (Check(entry) is { } rejection)
            return [new SourceEntry(line, null, rejection)];
        var status = entry.Text("Sts", "Cd") ?? entry.Text("Sts");
        var time = TimeOf(entry)!.Value;
        TryAmount(entry, out var total);
        var currency = entry.Child("Amt")!.Attribute("Ccy")!.Value;
        var details = entry.Elements().Where(part => part.Name.LocalName == "NtryDtls")
            .SelectMany(part => part.Elements().Where(detail => detail.Name.LocalName == "TxDtls")).ToList();
        var amounts = details.ConvertAll(detail => DetailAmount(detail, currency, total));
        if (details.Count < 2 || amounts.Contains(null) || amounts.Sum() != total)
        {
            details = [details.FirstOrDefault() ?? new XElement("TxDtls")];
            amounts = [total];
        }

        return [.. details.Select((detail, index) => SourceEntry.Of(line, new PaymentRecord
        {
            Source = "/iso20022/" + Uri.EscapeDataString(account),
            Id = IdOf(entry, detail, details.Count > 1 ? index + 1 : 0) + (status == "PDNG" ? "-PDNG" : ""),
            Customer = customer,
            Time = InOrder(time),
            AccountId = account,
            Amount = amounts[index]!.Value,
            Currency = currency,
            Kind = CamtCodes.KindOf(entry, detail, amounts[index]!.Value),
            Status = CamtCodes.ReturnReason(detail) is not null ? PaymentStatus.Returned
                : status == "PDNG" ? PaymentStatus.Pending : PaymentStatus.Booked,
            Reason = CamtCodes.ReturnReason(detail),
            Mcc = CamtCodes.CategoryOf(entry, detail),
            Merchant = SourceText.Name(CamtCodes.Counterparty(detail, amounts[index]!.Value)),
            Country = CamtCodes.CountryOf(detail, amounts[index]!.Value),
        }))];
    }

    private Rejection? Check(XElement entry)
    {
        if (account.Length == 0)
            return new Rejection("Acct/Id", "an IBAN or another id is required before the first entry");
        if (!SourceText.IsCustomer(customer))
            return new Rejection("Acct/Id", "gives what is no customer id (A–Z a–z 0–9 . _ ~ : @ -, at most 128)");
        if (!TryAmount(entry, out _))
            return new Rejection("Ntry/Amt", "must be a number with at most four decimals");
        if (entry.Child("Amt")!.Attribute("Ccy") is not { } currency || !SourceText.IsCode(currency.Value, 3))
            return new Rejection("Ntry/Amt/@Ccy", "must be an ISO 4217 code");
        if (entry.Text("CdtDbtInd") is not ("CRDT" or "DBIT"))
            return new Rejection("Ntry/CdtDbtInd", "must be CRDT or DBIT");
        if ((entry.Text("Sts", "Cd") ?? entry.Text("Sts")) is not ("BOOK" or "PDNG"))
            return new Rejection("Ntry/Sts", "must be BOOK or PDNG: nothing else moves money");
        return TimeOf(entry) is null ? new Rejection("Ntry/BookgDt", "a booking or value date is required") : null;
    }

    private static decimal? DetailAmount(XElement detail, string currency, decimal total)
    {
        var amount = detail.Child("Amt") ?? detail.Child("AmtDtls")?.Child("TxAmt")?.Child("Amt");
        if (amount is null || amount.Attribute("Ccy")?.Value != currency || !SourceText.TryMoney(amount.Value.Trim(), out var value))
            return null;
        return detail.Text("CdtDbtInd") switch { "DBIT" => -value, "CRDT" => value, _ => total < 0 ? -value : value };
    }

    /// <summary>The booking's time, or its date at noon UTC; a time without an offset is taken as UTC.</summary>
    private static DateTimeOffset? TimeOf(XElement entry)
    {
        foreach (var part in (string[])["BookgDt", "ValDt"])
        {
            if (DateTimeOffset.TryParse(entry.Text(part, "DtTm"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
                return time;
            if (DateOnly.TryParseExact(entry.Text(part, "Dt")?.Split('+', 'Z')[0], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
                return new DateTimeOffset(day, new TimeOnly(12, 0), TimeSpan.Zero);
        }

        return null;
    }

    /// <summary>Payments at one instant, as all of a day at noon are, stand a second apart in the order of the statement.</summary>
    private DateTimeOffset InOrder(DateTimeOffset time)
    {
        var order = ordersInDay.GetValueOrDefault(time);
        ordersInDay[time] = order + 1;
        return time.AddSeconds(order);
    }

    private string IdOf(XElement entry, XElement detail, int part)
    {
        if (detail.Text("Refs", "AcctSvcrRef") is { } own)
            return own;
        var suffix = part == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"-{part}");
        if (entry.Text("AcctSvcrRef") is { } reference)
            return reference + suffix;
        if (detail.Text("Refs", "EndToEndId") is { } endToEnd && endToEnd != "NOTPROVIDED")
            return $"{endToEnd}-{entry.Text("CdtDbtInd")}";
        return $"{Digest64.Of(account + entry.ToString(SaveOptions.DisableFormatting)):x16}{suffix}";
    }
}

/// <summary>Elements by local name, whatever their namespace.</summary>
internal static class XmlPaths
{
    public static XElement? Child(this XElement parent, string name) =>
        parent.Elements().FirstOrDefault(child => child.Name.LocalName == name);

    /// <summary>The text at a path below the element, without white space around it; null when it is missing, empty or holds elements.</summary>
    public static string? Text(this XElement parent, params ReadOnlySpan<string> path)
    {
        var element = parent;
        foreach (var name in path)
        {
            element = element.Child(name);
            if (element is null)
                return null;
        }

        return element.HasElements || element.Value.Trim() is not { Length: > 0 } text ? null : text;
    }
}
