using System.Xml.Linq;

namespace ServerlessCLM.Transactions;

/// <summary>Bank transaction codes, purposes and parties of a camt entry in the words of the event contract.</summary>
internal static class CamtCodes
{
    /// <summary>Kind by bank transaction code (domain, family, sub-family), purpose and direction.</summary>
    public static PaymentKind KindOf(XElement entry, XElement detail, decimal amount)
    {
        var code = (detail.Child("BkTxCd") ?? entry.Child("BkTxCd"))?.Child("Domn");
        var purpose = detail.Text("Purp", "Cd");
        var kind = (code?.Text("Cd"), code?.Text("Fmly", "Cd"), code?.Text("Fmly", "SubFmlyCd")) switch
        {
            (_, _, "CHRG" or "COMM" or "FEES" or "COME" or "OVCH") => PaymentKind.Fee,
            (_, _, "INTR") => PaymentKind.Interest,
            ("LDAS", _, _) => PaymentKind.LoanPayment,
            ("PMNT", _, "STDO") => PaymentKind.StandingOrder,
            ("PMNT", _, "SALA" or "PAYR") when amount > 0 => PaymentKind.Salary,
            ("PMNT", "RDDT" or "IDDT", _) => PaymentKind.DirectDebit,
            ("PMNT", "CCRD" or "MCRD", "CWDL" or "CDPT" or "XBCW") => PaymentKind.Cash,
            ("PMNT", "CCRD" or "MCRD", _) => amount > 0 ? PaymentKind.Refund : PaymentKind.Card,
            ("PMNT", "CNTR", _) => PaymentKind.Cash,
            ("PMNT", "RCDT" or "ICDT" or "RRCT" or "IRCT", _) => OfPurpose(purpose, amount) ?? PaymentKind.Transfer,
            _ => OfPurpose(purpose, amount) ?? PaymentKind.Other,
        };
        var reversal = entry.Text("RvslInd") is "true" or "1";
        return reversal && amount > 0 && ReturnReason(detail) is null ? PaymentKind.Refund : kind;
    }

    private static PaymentKind? OfPurpose(string? purpose, decimal amount) => purpose switch
    {
        "SALA" or "PENS" or "PAYR" or "BONU" when amount > 0 => PaymentKind.Salary,
        "LOAN" or "LOAR" or "HLRP" or "CLPR" when amount < 0 => PaymentKind.LoanPayment,
        "INTE" => PaymentKind.Interest,
        _ => null,
    };

    /// <summary>The ISO 20022 code of a return, such as AM04.</summary>
    public static string? ReturnReason(XElement detail)
    {
        var reason = detail.Child("RtrInf")?.Child("Rsn");
        var code = reason?.Text("Cd") ?? reason?.Text("Prtry");
        return code is { Length: <= 8 } && code.All(char.IsAsciiLetterOrDigit) ? code
            : detail.Child("RtrInf") is null ? null : "NARR";
    }

    /// <summary>The merchant's category from the card transaction; rents and insurance by their purpose.</summary>
    public static string? CategoryOf(XElement entry, XElement detail)
    {
        var category = new[] { detail, entry.Child("CardTx") }
            .SelectMany(part => part?.Descendants() ?? [])
            .FirstOrDefault(part => part.Name.LocalName == "MrchntCtgyCd")?.Value.Trim();
        if (category is { Length: 4 } && category.All(char.IsAsciiDigit))
            return category;
        return detail.Text("Purp", "Cd") switch
        {
            "RENT" => "6513",
            "INSU" or "LIFI" or "PPTI" or "HLTI" => "6300",
            "ELEC" or "GASB" or "WTER" => "4900",
            "PHON" or "NWCM" => "4814",
            _ => null,
        };
    }

    /// <summary>Who got the money, or who sent it.</summary>
    public static string? Counterparty(XElement detail, decimal amount)
    {
        var party = Party(detail, amount);
        return party?.Text("Nm") ?? party?.Text("Pty", "Nm");
    }

    public static string? CountryOf(XElement detail, decimal amount)
    {
        var party = Party(detail, amount);
        var country = party?.Text("PstlAdr", "Ctry") ?? party?.Text("Pty", "PstlAdr", "Ctry");
        return country is not null && SourceText.IsCode(country, 2) ? country : null;
    }

    /// <summary>A return names the parties of the payment it undoes, so its creditor is the counterparty even of a credit.</summary>
    private static XElement? Party(XElement detail, decimal amount) =>
        detail.Child("RltdPties")?.Child(amount < 0 || ReturnReason(detail) is not null ? "Cdtr" : "Dbtr");
}
