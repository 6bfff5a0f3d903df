using static ServerlessCLM.Transactions.ContentGroup;

namespace ServerlessCLM.Transactions;

/// <summary>Content groups of the merchant category codes of ISO 18245, as ranges.</summary>
public static class MerchantCategories
{
    /// <summary>First and last code of a range, what trades there, and its group. Ranges ascend; the gaps are unassigned
    /// and count as <see cref="Other"/>.</summary>
    public readonly record struct Range(ushort First, ushort Last, ContentGroup Group, string Trade);

    /// <summary>The table, in ascending order.</summary>
    /// <remarks>Estate agents and rents (6513) are Housing; legal services and notaries (8111) serve more than home buying
    /// and stay in Financial with the other professional advisers.</remarks>
    public static IReadOnlyList<Range> Table { get; } =
    [
        new(0742, 0742, Health, "veterinary services"),
        new(0743, 0744, Groceries, "wine and champagne producers"),
        new(0763, 0763, Other, "agricultural co-operatives"),
        new(0780, 0780, Home, "landscaping and gardening"),
        new(1520, 1520, Home, "general contractors"),
        new(1711, 1799, Home, "heating, plumbing, electrical, masonry, roofing, concrete and other trades"),
        new(2741, 2842, Other, "publishing, printing, speciality cleaning"),
        new(3000, 3299, Travel, "airlines"),
        new(3300, 3499, Travel, "car rental"),
        new(3500, 3999, Travel, "hotels"),
        new(4011, 4011, Transport, "railways, freight"),
        new(4111, 4112, Transport, "commuter and passenger rail"),
        new(4119, 4119, Health, "ambulance services"),
        new(4121, 4131, Transport, "taxis, bus lines"),
        new(4214, 4225, Transport, "haulage, couriers, storage"),
        new(4411, 4411, Travel, "cruise lines"),
        new(4457, 4468, Travel, "boat rental, marinas"),
        new(4511, 4511, Travel, "airlines without a code of their own"),
        new(4582, 4582, Travel, "airports"),
        new(4722, 4723, Travel, "travel agencies, package tours"),
        new(4761, 4761, Travel, "telemarketed travel"),
        new(4784, 4789, Transport, "tolls, transport not elsewhere listed"),
        new(4812, 4812, Electronics, "telephone equipment"),
        new(4813, 4821, Utilities, "telecommunications, network services, telegraph"),
        new(4829, 4829, Financial, "money transfer"),
        new(4899, 4900, Utilities, "cable and satellite television, electricity, gas, water"),
        new(5013, 5013, Transport, "motor vehicle parts, wholesale"),
        new(5021, 5039, Home, "office furniture, construction materials"),
        new(5044, 5046, Electronics, "office and computer equipment"),
        new(5047, 5047, Health, "medical and dental supplies"),
        new(5051, 5051, Home, "metal service centres"),
        new(5065, 5065, Electronics, "electrical parts"),
        new(5072, 5074, Home, "hardware, plumbing and heating supplies"),
        new(5085, 5085, Other, "industrial supplies"),
        new(5094, 5094, Fashion, "precious stones, watches, jewellery"),
        new(5099, 5111, Other, "durable goods, stationery and office supplies"),
        new(5122, 5122, Health, "drugs and druggists' sundries"),
        new(5131, 5139, Fashion, "piece goods, uniforms, footwear"),
        new(5169, 5169, Other, "chemicals"),
        new(5172, 5172, Fuel, "petroleum products"),
        new(5192, 5192, Entertainment, "books, periodicals, newspapers"),
        new(5193, 5193, Home, "florists' supplies, nursery stock"),
        new(5198, 5198, Home, "paints and varnishes"),
        new(5199, 5199, Other, "non-durable goods"),
        new(5200, 5271, Home, "home supply, lumber, paint, hardware, garden, mobile homes"),
        new(5297, 5297, Groceries, "supermarkets"),
        new(5298, 5299, Groceries, "superstores"),
        new(5300, 5300, Groceries, "wholesale clubs"),
        new(5309, 5311, Fashion, "duty free, discount and department stores"),
        new(5331, 5331, Groceries, "variety stores"),
        new(5399, 5399, Other, "general merchandise"),
        new(5411, 5499, Groceries, "supermarkets, butchers, confectioners, dairies, bakeries, other food"),
        new(5511, 5533, Transport, "car dealers, tyres, vehicle parts"),
        new(5541, 5542, Fuel, "service stations, fuel dispensers"),
        new(5551, 5551, Entertainment, "boat dealers"),
        new(5552, 5552, Fuel, "electric vehicle charging"),
        new(5561, 5599, Transport, "campers, motorcycles, motor homes, snowmobiles, vehicle dealers"),
        new(5611, 5699, Fashion, "clothing, shoes, furriers, alterations"),
        new(5712, 5719, Home, "furniture, floor coverings, curtains, fireplaces, furnishings"),
        new(5722, 5722, Electronics, "household appliances"),
        new(5732, 5732, Electronics, "electronics shops"),
        new(5733, 5733, Entertainment, "musical instruments"),
        new(5734, 5734, Electronics, "computer software shops"),
        new(5735, 5735, Entertainment, "record shops"),
        new(5811, 5814, Dining, "caterers, restaurants, bars, fast food"),
        new(5815, 5818, Entertainment, "digital books, films, music, games and applications"),
        new(5832, 5832, Home, "antique shops"),
        new(5912, 5912, Health, "pharmacies"),
        new(5921, 5921, Groceries, "off-licences"),
        new(5931, 5933, Other, "second-hand shops, antiques, pawnbrokers"),
        new(5935, 5935, Transport, "wrecking and salvage yards"),
        new(5937, 5937, Home, "antique reproductions"),
        new(5940, 5941, Entertainment, "bicycles, sporting goods"),
        new(5942, 5942, Entertainment, "book shops"),
        new(5943, 5943, Education, "stationery, office and school supplies"),
        new(5944, 5944, Fashion, "jewellers"),
        new(5945, 5947, Entertainment, "hobby, toy, camera, gift and souvenir shops"),
        new(5948, 5949, Fashion, "leather goods, sewing and fabrics"),
        new(5950, 5950, Home, "glassware and crystal"),
        new(5960, 5960, Financial, "direct marketing of insurance"),
        new(5962, 5962, Travel, "telemarketed travel arrangements"),
        new(5963, 5969, Other, "door-to-door, catalogue, telephone, subscription and direct sales"),
        new(5970, 5973, Entertainment, "artists' supplies, galleries, coins and stamps, religious goods"),
        new(5975, 5976, Health, "hearing aids, orthopaedic goods"),
        new(5977, 5977, Fashion, "cosmetics"),
        new(5978, 5978, Electronics, "typewriters"),
        new(5983, 5983, Utilities, "heating oil, wood, coal, liquefied gas"),
        new(5992, 5992, Home, "florists"),
        new(5993, 5993, Groceries, "tobacconists"),
        new(5994, 5994, Entertainment, "newsagents"),
        new(5995, 5995, Home, "pet shops"),
        new(5996, 5996, Home, "swimming pools"),
        new(5997, 5997, Fashion, "electric razors"),
        new(5998, 5998, Entertainment, "tents and awnings"),
        new(5999, 5999, Other, "speciality retail"),
        new(6010, 6012, Financial, "cash at the counter, cash machines, financial institutions"),
        new(6050, 6051, Financial, "quasi-cash, foreign currency, money orders"),
        new(6211, 6211, Financial, "security brokers"),
        new(6300, 6399, Financial, "insurance"),
        new(6513, 6513, Housing, "estate agents, rents"),
        new(6529, 6540, Financial, "stored value, funding transactions"),
        new(6611, 6611, Financial, "overpayments"),
        new(6760, 6760, Financial, "savings bonds"),
        new(7011, 7033, Travel, "hotels, timeshares, camps, camp sites"),
        new(7210, 7217, Home, "laundry, dry cleaning, carpet cleaning"),
        new(7221, 7221, Entertainment, "photographic studios"),
        new(7230, 7230, Fashion, "hairdressers and beauty shops"),
        new(7251, 7251, Fashion, "shoe repair, hat cleaning"),
        new(7261, 7261, Other, "funeral services"),
        new(7273, 7273, Entertainment, "dating services"),
        new(7276, 7276, Financial, "tax preparation"),
        new(7277, 7277, Health, "counselling"),
        new(7278, 7278, Other, "buying services"),
        new(7280, 7280, Health, "hospital patients' personal funds"),
        new(7295, 7295, Home, "babysitting"),
        new(7296, 7296, Fashion, "clothing hire"),
        new(7297, 7298, Health, "massage, health and beauty spas"),
        new(7299, 7299, Other, "other personal services"),
        new(7311, 7311, Other, "advertising"),
        new(7321, 7322, Financial, "credit reporting, debt collection"),
        new(7332, 7339, Other, "copying, photography, secretarial services"),
        new(7342, 7349, Home, "pest control, cleaning and maintenance"),
        new(7361, 7361, Other, "employment agencies"),
        new(7372, 7379, Electronics, "programming, data processing, information retrieval, computer repair"),
        new(7392, 7393, Other, "consulting, detectives and security"),
        new(7394, 7395, Other, "equipment hire, photo developing"),
        new(7399, 7399, Other, "business services"),
        new(7511, 7511, Fuel, "truck stops"),
        new(7512, 7519, Travel, "car, truck and motor home rental"),
        new(7523, 7549, Transport, "parking, body shops, tyres, paint, service, car wash, towing"),
        new(7622, 7629, Electronics, "repair of electronics, air conditioning and appliances"),
        new(7631, 7631, Fashion, "repair of watches and jewellery"),
        new(7641, 7692, Home, "furniture repair, welding"),
        new(7699, 7699, Home, "other repairs"),
        new(7800, 7802, Gambling, "state lotteries, internet gambling, horse and dog racing"),
        new(7829, 7841, Entertainment, "film production, cinemas, video rental"),
        new(7911, 7994, Entertainment, "dance halls, theatres, bands, billiards, bowling, sports, golf, arcades"),
        new(7995, 7995, Gambling, "betting, casinos, lotteries"),
        new(7996, 7999, Entertainment, "amusement parks, clubs, aquariums, recreation"),
        new(8011, 8099, Health, "doctors, dentists, opticians, nursing homes, hospitals, laboratories"),
        new(8111, 8111, Financial, "legal services, attorneys, notaries"),
        new(8211, 8299, Education, "schools, universities, correspondence, business and trade schools"),
        new(8351, 8351, Education, "child care"),
        new(8398, 8398, Other, "charities"),
        new(8641, 8661, Other, "civic, political and religious organisations"),
        new(8675, 8675, Transport, "motoring associations"),
        new(8699, 8699, Other, "other membership organisations"),
        new(8734, 8734, Other, "testing laboratories"),
        new(8911, 8911, Home, "architects, engineers, surveyors"),
        new(8931, 8931, Financial, "accounting and auditing"),
        new(8999, 8999, Other, "other professional services"),
        new(9211, 9222, Financial, "court costs, fines"),
        new(9223, 9223, Financial, "bail and bonds"),
        new(9311, 9311, Financial, "taxes"),
        new(9399, 9399, Other, "government services"),
        new(9402, 9402, Other, "postal services"),
        new(9405, 9405, Other, "purchases within government"),
        new(9406, 9406, Gambling, "government-owned lotteries"),
        new(9700, 9702, Other, "automated referral, emergency services"),
        new(9950, 9950, Other, "purchases within a company"),
    ];

    private static readonly byte[] groups = Groups();

    /// <summary>Group of a code 0–9999; <see cref="Other"/> where nothing is assigned.</summary>
    public static ContentGroup GroupOf(int category) =>
        (uint)category < (uint)groups.Length
            ? (ContentGroup)groups[category]
            : throw new ArgumentOutOfRangeException(nameof(category), category, "a merchant category has four digits");

    /// <summary>Group of a payment: by its category, or without one (0) by its kind.</summary>
    public static ContentGroup GroupOf(ushort category, PaymentKind kind) =>
        category != 0 ? GroupOf(category)
        : kind is PaymentKind.Fee or PaymentKind.Interest or PaymentKind.LoanPayment ? Financial
        : Other;

    private static byte[] Groups()
    {
        var byCode = new byte[10_000];
        Array.Fill(byCode, (byte)Other);
        foreach (var range in Table)
            byCode.AsSpan(range.First, range.Last - range.First + 1).Fill((byte)range.Group);
        return byCode;
    }
}
