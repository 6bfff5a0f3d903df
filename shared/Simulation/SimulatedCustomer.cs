using System.Globalization;
using System.Text.Json.Nodes;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Simulation;

/// <summary>What the customer has with the bank.</summary>
public enum Relationship : byte
{
    /// <summary>A current account with an arranged overdraft and a debit card: salary, rent, bills, cash and purchases.</summary>
    CurrentAccount,

    /// <summary>A credit card only; the salary goes to another bank, out of sight, from where statements are paid.</summary>
    CreditCard,
}

/// <summary>Who a simulated customer is. Traits are latent: causes that models may not see.</summary>
public sealed record SimulatedCustomer
{
    /// <summary>Place in the portfolio, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>Prefix and number from 1, such as <c>sim-000001</c>.</summary>
    public required string Id { get; init; }

    public required string AccountId { get; init; }

    public required Relationship Relationship { get; init; }

    /// <summary>student, mass, affluent or retired.</summary>
    public required string Segment { get; init; }

    /// <summary>ISO 3166-1 alpha-2.</summary>
    public required string Country { get; init; }

    /// <summary>ISO 4217.</summary>
    public required string Currency { get; init; }

    /// <summary>ISO 639-1.</summary>
    public required string Language { get; init; }

    /// <summary>IANA.</summary>
    public required string TimeZone { get; init; }

    public required string GivenName { get; init; }

    public required string FamilyName { get; init; }

    public required DateOnly BirthDate { get; init; }

    /// <summary>When the account was opened; during the simulation for new customers.</summary>
    public required DateOnly CustomerSince { get; init; }

    /// <summary>Persons in the household at the beginning.</summary>
    public required int Household { get; init; }

    public required int Children { get; init; }

    /// <summary>Net, at the beginning.</summary>
    public required decimal MonthlyIncome { get; init; }

    /// <summary>Day of the month on which the salary comes, the working day before where it is none; 31 is the last.</summary>
    public required int PayDay { get; init; }

    /// <summary>Monthly rent, or mortgage payment of a <see cref="HomeOwner"/>.</summary>
    public required decimal Rent { get; init; }

    public required bool HomeOwner { get; init; }

    /// <summary>Arranged overdraft, or limit of the card.</summary>
    public required decimal Limit { get; init; }

    /// <summary>What the bank charges for the account each month; 0 for most.</summary>
    public required decimal MonthlyFee { get; init; }

    public required bool HasCar { get; init; }

    public required bool Gambler { get; init; }

    /// <summary>Propensity to buy per <see cref="ContentGroup"/>: rate against the average customer's 1; for travel 1 is about 1.2
    /// journeys a year.</summary>
    public required IReadOnlyList<double> Affinity { get; init; }

    /// <summary>Trait, 0–1: holds back when money is short; pays card statements in full above 0.4, below which distress is three
    /// times as likely.</summary>
    public required double Discipline { get; init; }

    /// <summary>Trait: factor on the likelihood of leaving.</summary>
    public required double Restlessness { get; init; }

    /// <summary>Trait: savings at another bank at the beginning, in monthly incomes; they cushion bad months.</summary>
    public required double Savings { get; init; }

    /// <summary>Trait: share of the free income that is spent, 0.7–0.98.</summary>
    public required double SpendingShare { get; init; }

    internal Market Market { get; init; } = Market.All[0];

    /// <summary>Draws a customer: a pure function of options (seed, start, prefix) and index.</summary>
    internal static SimulatedCustomer Draw(PortfolioOptions options, int index)
    {
        var draws = new Draws(options.Seed, index, DrawPurpose.Person);
        var market = Market.All[draws.Pick((ReadOnlySpan<double>)Market.Weights)];
        var id = string.Create(CultureInfo.InvariantCulture, $"{options.IdPrefix}{index + 1:D6}");
        var (segment, medianIncome, sigma, age) = draws.Uniform() switch
        {
            < 0.10 => ("student", 950.0, 0.25, draws.Between(18, 27)),
            < 0.72 => ("mass", 2300, 0.3, draws.Between(24, 63)),
            < 0.84 => ("affluent", 4700, 0.3, draws.Between(30, 64)),
            _ => ("retired", 1750, 0.28, draws.Between(65, 88)),
        };
        var income = Math.Round(draws.LogNormal(medianIncome, sigma)) * market.PriceLevel;
        var relationship = draws.Chance(0.72) ? Relationship.CurrentAccount : Relationship.CreditCard;
        var children = age is >= 26 and <= 52 && draws.Chance(0.45) ? draws.Between(1, 3) : 0;
        var owner = age > 30 && segment != "student" && draws.Chance(0.35);
        var isNew = draws.Chance(options.NewCustomerShare);
        var affinity = new double[Enum.GetValues<ContentGroup>().Length];
        for (var group = 0; group < affinity.Length; group++)
            affinity[group] = draws.LogNormal(1, 0.45);
        return new SimulatedCustomer
        {
            Index = index,
            Id = id,
            AccountId = relationship == Relationship.CurrentAccount ? $"{id}-current" : $"{id}-card",
            Relationship = relationship,
            Segment = segment,
            Country = market.Country,
            Currency = market.Currency,
            Language = market.Language,
            TimeZone = market.TimeZone,
            GivenName = draws.Pick<string>(market.GivenNames),
            FamilyName = draws.Pick<string>(market.FamilyNames),
            BirthDate = options.Start.AddYears(-age).AddDays(-draws.Between(1, 364)),
            CustomerSince = isNew
                ? options.Start.AddDays(draws.Between(1, 120))
                : options.Start.AddDays(-draws.Between(PortfolioOptions.WarmUpDays + 30, Math.Max(400, (age - 17) * 180))),
            Household = 1 + children + (draws.Chance(age > 25 ? 0.6 : 0.2) ? 1 : 0),
            Children = children,
            MonthlyIncome = (decimal)Math.Round(income, 2),
            PayDay = draws.Pick<int>([1, 10, 15, 25, 27, 28, 31, 31]),
            Rent = (decimal)(Math.Round(income * draws.Between(0.2, 0.33) / 5) * 5),
            HomeOwner = owner,
            Limit = (decimal)(Math.Ceiling(income * (relationship == Relationship.CurrentAccount
                ? draws.Between(0.25, 1.2) : draws.Between(1, 2.5)) / 100) * 100),
            MonthlyFee = draws.Chance(0.4) ? (decimal)Math.Round(4.9 * market.PriceLevel, 1) : 0,
            HasCar = draws.Chance(segment == "student" ? 0.2 : 0.65),
            Gambler = draws.Chance(0.05),
            Affinity = affinity,
            Discipline = draws.Uniform(),
            Restlessness = draws.LogNormal(1, 0.6),
            Savings = draws.LogNormal(1.5, 1),
            SpendingShare = draws.Between(0.7, 0.98),
            Market = market,
        };
    }

    /// <summary>The profile as the bank would tell it: no trait, no ground truth.</summary>
    internal JsonObject ToProfile() => new()
    {
        ["givenName"] = GivenName,
        ["familyName"] = FamilyName,
        ["email"] = $"{Id}@example.org",
        ["birthDate"] = BirthDate.ToString("O", CultureInfo.InvariantCulture),
        ["customerSince"] = CustomerSince.ToString("O", CultureInfo.InvariantCulture),
        ["country"] = Country,
        ["language"] = Language,
        ["timeZone"] = TimeZone,
        ["segment"] = Segment,
        ["monthlyIncome"] = MonthlyIncome,
        ["products"] = new JsonObject { [Relationship == Relationship.CurrentAccount ? "currentAccount" : "creditCard"] = AccountId },
        ["attributes"] = new JsonObject { ["household"] = Household, ["children"] = Children, ["homeOwner"] = HomeOwner },
    };
}
