namespace ServerlessCLM.Simulation;

/// <summary>A country the bank has customers in.</summary>
/// <param name="Country">ISO 3166-1 alpha-2.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Language">ISO 639-1.</param>
/// <param name="TimeZone">IANA.</param>
/// <param name="PriceLevel">Local units that buy what a euro buys in Germany; wages scale with it.</param>
/// <param name="Weight">Share of the portfolio, in percent.</param>
/// <param name="GivenNames">Common given names.</param>
/// <param name="FamilyNames">Common family names.</param>
internal sealed record Market(
    string Country, string Currency, string Language, string TimeZone, double PriceLevel, int Weight, string[] GivenNames, string[] FamilyNames)
{
    public static readonly Market[] All =
    [
        new("DE", "EUR", "de", "Europe/Berlin", 1, 45,
            ["Anna", "Ben", "Clara", "David", "Emma", "Felix", "Hannah", "Jonas", "Lena", "Lukas", "Mia", "Paul", "Sophie", "Tim"],
            ["Bauer", "Becker", "Fischer", "Hoffmann", "Klein", "Koch", "Krause", "Richter", "Schäfer", "Schulz", "Wagner", "Weber"]),
        new("AT", "EUR", "de", "Europe/Vienna", 1.03, 20,
            ["Alexander", "Elisabeth", "Florian", "Johanna", "Katharina", "Lukas", "Magdalena", "Maximilian", "Sarah", "Tobias"],
            ["Berger", "Eder", "Fuchs", "Gruber", "Huber", "Leitner", "Mayer", "Moser", "Pichler", "Steiner", "Winkler"]),
        new("CZ", "CZK", "cs", "Europe/Prague", 15, 20,
            ["Adéla", "Eliška", "Filip", "Jakub", "Jan", "Karolína", "Lucie", "Martin", "Ondřej", "Petra", "Tereza", "Tomáš"],
            ["Beneš", "Dvořák", "Horák", "Kovář", "Král", "Kučera", "Marek", "Němec", "Novák", "Pokorný", "Procházka", "Svoboda"]),
        new("GB", "GBP", "en", "Europe/London", 0.9, 15,
            ["Amelia", "Charlotte", "Daniel", "Emily", "George", "Grace", "Harry", "Jack", "Jessica", "Oliver", "Olivia", "Thomas"],
            ["Brown", "Clarke", "Davies", "Evans", "Green", "Hughes", "Johnson", "Roberts", "Smith", "Taylor", "Walker", "Wright"]),
    ];

    /// <summary>Cumulative weights of <see cref="All"/>.</summary>
    public static readonly double[] Weights = Cumulated([.. All.Select(market => (double)market.Weight)]);

    public static double[] Cumulated(double[] weights)
    {
        for (var index = 1; index < weights.Length; index++)
            weights[index] += weights[index - 1];
        return weights;
    }
}

/// <summary>Where people travel to.</summary>
/// <param name="Country">ISO 3166-1 alpha-2.</param>
/// <param name="TimeZone">IANA: local times abroad carry its offset.</param>
/// <param name="Fare">Typical fare for one, in euros; beyond 0 it is an airline's.</param>
internal sealed record Destination(string Country, string TimeZone, double Fare)
{
    public static readonly Destination[] All =
    [
        new("ES", "Europe/Madrid", 180), new("IT", "Europe/Rome", 140), new("GR", "Europe/Athens", 240), new("FR", "Europe/Paris", 130),
        new("HR", "Europe/Zagreb", 120), new("TR", "Europe/Istanbul", 260), new("PT", "Europe/Lisbon", 190), new("NL", "Europe/Amsterdam", 110),
        new("US", "America/New_York", 620), new("TH", "Asia/Bangkok", 780), new("AE", "Asia/Dubai", 480), new("PL", "Europe/Warsaw", 90),
    ];
}
