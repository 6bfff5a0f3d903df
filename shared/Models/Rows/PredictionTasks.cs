using ServerlessCLM.Features;

namespace ServerlessCLM.Models;

/// <summary>The product's own models: what each predicts and which rows it may learn from.</summary>
public static class PredictionTasks
{
    public const string Churn = "churn", PreDelinquency = "pre_delinquency", LossGivenDefault = "loss_given_default",
        PropensityToPay = "propensity_to_pay", SelfCure = "self_cure", Lead = "lead", Lookalike = "lookalike", UpliftOfContact = "uplift_contact", LifetimeValue = "lifetime_value";

    /// <summary>Begins the id of the model of the response over a channel.</summary>
    public const string ResponsePrefix = "response_";

    /// <summary>Products that propensities are known for, as <c>product_opened</c> names them.</summary>
    public static readonly IReadOnlyList<string> Products = ["savings", "loan", "credit_card", "travel_insurance"];

    /// <summary>Channels whose contacts are answered by a click, a call taken or the like.</summary>
    public static readonly IReadOnlyList<string> Channels = ["email", "push", "sms", "call"];

    /// <summary>Days of history without which most features say little.</summary>
    internal const int LeastTenure = 60;

    private const int ContactDays = 31, TreatmentDays = 6, SpendingSlack = 20;

    /// <summary>Share of card spending that is kept: the EU's cap on debit interchange (Regulation 2015/751, article 3).</summary>
    internal const double CardMargin = 0.002;

    /// <summary>How a customer lives and uses the bank, without amounts, so that no value is far from all that was learned from.</summary>
    private static readonly IReadOnlyList<Feature> ResponseInputs =
    [
        Feature.ActiveDays7d, Feature.ActiveDays30d, Feature.Purchases30d, Feature.Payments30dVs90d, Feature.NightShare90d, Feature.WeekendShare90d, Feature.CashShare90d,
        Feature.ShareDining, Feature.ShareEntertainment, Feature.ShareTravel, Feature.ShareElectronics, Feature.ShareHealth, Feature.MerchantSlots, Feature.SalaryMonths,
    ];

    private static readonly IReadOnlyList<Feature> UpliftInputs =
    [
        Feature.TenureDays, Feature.ActiveDays30d, Feature.Payments30dVs90d, Feature.OutflowToInflow90d, Feature.BufferDays30d, Feature.BufferDays90d, Feature.BelowZeroDays90d,
        Feature.BalanceVsMean90d, Feature.UtilisationMean90d, Feature.LowBalanceShare, Feature.ShareTravel, Feature.ShareElectronics, Feature.ShareGambling, Feature.CashShare90d,
        Feature.Returns90d, Feature.Declines90d, Feature.LateRate90d, Feature.PenaltiesEver, Feature.SalaryVariation, Feature.NewMerchants90d,
    ];

    private const string TooNew = "known for less than 60 days", Closed = "account closed before", Unknown = "horizon not over yet",
        Arrears = "in arrears already", NoArrears = "not in arrears", NoDefault = "not in default", Had = "has the product already",
        Lost = "account closed within the horizon", TooOld = "known for more than 120 days";

    private const string SimulatedOnly = "The shipped version learned from simulated lives. Retrain on own rows before relying on its probabilities.";

    private const string NotCredit = "Not for credit decisions, pricing or limits.";

    public static IReadOnlyList<PredictionTask> All { get; } =
    [
        new(Churn, ModelKinds.Trees, "Keep customers who are about to leave.",
            "Within 90 days the account is closed, or a silence of 60 days without a payment by hand begins.", 90, JudgeChurn)
        {
            KnownAfterDays = 90 + Timeline.DormantDays, Signal = "churn_risk", Limits = [SimulatedOnly, NotCredit, "Not for customers known for less than 60 days."],
        },
        new(PreDelinquency, ModelKinds.Hazard, "Offer help before the first missed payment.",
            "The first payment is missed within 30, 60 or 90 days: a debit returned twice, or a card statement left unpaid.", 90, JudgeMissed)
        {
            RiskSign = 1, Signal = "pre_delinquency", Limits = [SimulatedOnly, "To offer help, not to cut lines.", "Not for customers in arrears."],
        },
        new(LossGivenDefault, ModelKinds.Trees, "Expected loss of a defaulted exposure.",
            "Share of the exposure at default that is not recovered within 180 days.", 180, JudgeLoss)
        {
            RiskSign = 1, IsAmount = true, Limits = [SimulatedOnly, "Not for regulatory capital."],
        },
        new(PropensityToPay, ModelKinds.Trees, "Order the collections work by who will pay.",
            "Arrears are paid in full within 60 days.", 60, JudgePaying)
        {
            RiskSign = -1, Limits = [SimulatedOnly, "Only for customers in arrears."],
        },
        new(SelfCure, ModelKinds.Trees, "Leave alone who pays without being reminded.",
            "Arrears that began within the last 30 days are paid in full within 30 days.", 30, JudgeCure)
        {
            RiskSign = -1, Limits = [SimulatedOnly, "Only for arrears of at most 30 days."],
        },
        .. Products.Select(product => new PredictionTask($"propensity_{product}", ModelKinds.Trees, $"Rank offers of the product {product}.",
            $"The product {product} is opened within 60 days.", 60, (timeline, snapshot) => JudgeOpening(timeline, snapshot, product))
        {
            Signal = product == "savings" ? "savings_interest" : null, Limits = [SimulatedOnly, NotCredit],
        }),
        new(Lead, ModelKinds.Trees, "Look after new customers who will do more with the bank.",
            "A customer known for at most 120 days opens a product within 120 days.", 120, JudgeLead) { Limits = [SimulatedOnly, NotCredit] },
        .. Channels.Select(channel => new PredictionTask($"{ResponsePrefix}{channel}", ModelKinds.Response, "Choose the channel and the hour of a contact.",
            $"A contact over {channel} is answered within a day; without an hour, one at the customer's best hour.", 1, (timeline, snapshot) => JudgeResponse(timeline, snapshot, channel))
        {
            KnownAfterDays = ContactDays + 1, Inputs = ResponseInputs, Limits = [SimulatedOnly, NotCredit, "Knows the hours from 8 to 21. It says where an answer is likely, not whether a contact is allowed or wanted."],
        }),
        new(UpliftOfContact, ModelKinds.Uplift, "Contact only those whom contact brings to act: where the lower bound is above zero.",
            "How much likelier a product is opened within 30 days if it is offered in the first six of them.", 30, JudgeContact)
        {
            Inputs = UpliftInputs,
            Limits = [SimulatedOnly, NotCredit, "Holds for offers as the experiment made them. An own version needs offers drawn at random, and contact_withheld told with the product of those drawn not to get one."],
        },
        new(LifetimeValue, ModelKinds.BuyTillYouDie, "Weigh what may be spent on keeping and winning a customer.",
            "Margin of the card purchases of the next 12 months, discounted at 10% a year.", 360, JudgeSpending)
        {
            KnownAfterDays = 360 + SpendingSlack, IsAmount = true,
            Limits = [SimulatedOnly, NotCredit, "Card purchases alone: interest, fees and deposits are not in it.", "The margin is the EU's cap on debit interchange, 0.2% of the amount; put in the bank's own."],
        },
        new(Lookalike, ModelKinds.Trees, "Find customers who live like those that hold a savings product.",
            "A savings product was opened within the 180 days before.", 1, JudgeLikeness) { Limits = [SimulatedOnly, NotCredit] },
    ];

    public static PredictionTask? Find(string id) => All.FirstOrDefault(task => task.Id == id);

    private static Outcome JudgeChurn(Timeline timeline, Snapshot snapshot)
    {
        if (Standing(timeline, snapshot) is { } rule)
            return Outcome.Without(rule);
        if (!(snapshot.Vector[(int)Feature.Purchases30d] > 0))
            return Outcome.Without("no card purchase in 30 days");

        var (from, until) = (snapshot.At, Timeline.After(snapshot.At, 90));
        if (Timeline.After(until, Timeline.DormantDays) > timeline.KnownUntil)
            return Outcome.Without(Unknown);

        // The silence began so many days before it was told.
        return Outcome.Of(timeline.First(Timeline.AccountClosed, from, until) is not null
            || timeline.First(Timeline.Dormant, Timeline.After(from, Timeline.DormantDays), Timeline.After(until, Timeline.DormantDays)) is not null);
    }

    private static Outcome JudgeMissed(Timeline timeline, Snapshot snapshot)
    {
        if (Standing(timeline, snapshot) is { } rule)
            return Outcome.Without(rule);
        if (timeline.InArrears(snapshot.At) || timeline.Last(Timeline.Default, snapshot.At) is not null)
            return Outcome.Without(Arrears);

        var missed = timeline.First(Timeline.PaymentMissed, snapshot.At)?.At ?? long.MaxValue;
        var lost = Math.Min(timeline.KnownUntil, timeline.First(Timeline.AccountClosed, snapshot.At)?.At ?? long.MaxValue);
        if (missed <= lost)
            return new Outcome(missed <= Timeline.After(snapshot.At, 90) ? 1 : 0, Days: Timeline.Days(snapshot.At, missed));

        // Who was seen for part of the horizon has lived through the periods until then.
        var seen = (int)((lost - snapshot.At) / 86_400_000);
        return seen < 30 ? Outcome.Without(lost == timeline.KnownUntil ? Unknown : Lost) : new Outcome(0, Days: seen);
    }

    private static Outcome JudgeLoss(Timeline timeline, Snapshot snapshot)
    {
        if (timeline.Last(Timeline.Default, snapshot.At) is not { } end || Timeline.Days(end.At, snapshot.At) > 31)
            return Outcome.Without(NoDefault);

        return timeline.First(Timeline.WrittenOff, end.At) is { Part: { } recovered } ? new Outcome((float)(1 - recovered)) : Outcome.Without(Unknown);
    }

    private static Outcome JudgePaying(Timeline timeline, Snapshot snapshot) => JudgeCured(timeline, snapshot, 60);

    private static Outcome JudgeCure(Timeline timeline, Snapshot snapshot) =>
        timeline.Last(Timeline.PaymentMissed, snapshot.At) is { } missed && timeline.InArrears(snapshot.At) && Timeline.Days(missed.At, snapshot.At) > 30
            ? Outcome.Without("arrears of more than 30 days")
            : JudgeCured(timeline, snapshot, 30);

    private static Outcome JudgeCured(Timeline timeline, Snapshot snapshot, int days)
    {
        if (!timeline.InArrears(snapshot.At))
            return Outcome.Without(NoArrears);

        var until = Timeline.After(snapshot.At, days);
        return timeline.KnownUntil < until ? Outcome.Without(Unknown) : Outcome.Of(timeline.First(Timeline.ArrearsCured, snapshot.At, until) is not null);
    }

    private static Outcome JudgeOpening(Timeline timeline, Snapshot snapshot, string product)
    {
        if (Standing(timeline, snapshot) is { } rule)
            return Outcome.Without(rule);
        if (timeline.Last(Timeline.ProductOpened, snapshot.At, product) is not null)
            return Outcome.Without(Had);

        return Opened(timeline, snapshot.At, 60, product);
    }

    private static Outcome JudgeLead(Timeline timeline, Snapshot snapshot)
    {
        if (timeline.Last(Timeline.AccountClosed, snapshot.At) is not null)
            return Outcome.Without(Closed);

        return snapshot.Vector[(int)Feature.TenureDays] is >= 7 and <= 120 ? Opened(timeline, snapshot.At, 120, null) : Outcome.Without(TooOld);
    }

    private static Outcome JudgeLikeness(Timeline timeline, Snapshot snapshot)
    {
        if (Standing(timeline, snapshot) is { } rule)
            return Outcome.Without(rule);

        return Outcome.Of(timeline.First(Timeline.ProductOpened, Timeline.After(snapshot.At, -180), snapshot.At, "savings") is not null);
    }

    private static Outcome Opened(Timeline timeline, long at, int days, string? product)
    {
        var until = Timeline.After(at, days);
        if (timeline.KnownUntil < until)
            return Outcome.Without(Unknown);
        if (timeline.First(Timeline.ProductOpened, at, until, product) is not null)
            return Outcome.Of(true);

        return timeline.First(Timeline.AccountClosed, at, until) is not null ? Outcome.Without(Lost) : Outcome.Of(false);
    }

    /// <summary>Answered within a day of the first contact over the channel in the month after.</summary>
    private static Outcome JudgeResponse(Timeline timeline, Snapshot snapshot, string channel)
    {
        if (Standing(timeline, snapshot) is { } rule)
            return Outcome.Without(rule);
        if (timeline.FirstOver(channel, Timeline.Impression, snapshot.At, Timeline.After(snapshot.At, ContactDays)) is not { } contact)
            return Outcome.Without($"no contact over it within {ContactDays} days");
        if (contact.Hour is not (>= 8 and <= 20 and var hour))
            return Outcome.Without("contact at an hour that is not known or outside 8 to 21");

        var until = Timeline.After(contact.At, 1);
        return timeline.KnownUntil < until
            ? Outcome.Without(Unknown)
            : Outcome.Of(timeline.FirstOver(channel, Timeline.Click, contact.At, until) is not null) with { Hour = hour };
    }

    /// <summary>Treated is who was offered something within six days; the control is from whom the draw withheld an offer that was due.</summary>
    private static Outcome JudgeContact(Timeline timeline, Snapshot snapshot)
    {
        if (Standing(timeline, snapshot) is { } rule)
            return Outcome.Without(rule);

        var until = Timeline.After(snapshot.At, TreatmentDays);
        var offered = timeline.First(Timeline.Impression, snapshot.At, until);
        if ((offered ?? timeline.First(Timeline.ContactWithheld, snapshot.At, until)) is not { About: { } product })
            return Outcome.Without("not in the experiment");

        return timeline.Last(Timeline.ProductOpened, snapshot.At, product) is not null
            ? Outcome.Without(Had)
            : Opened(timeline, snapshot.At, 30, product) with { Treated = offered is not null };
    }

    /// <summary>The spending that four later snapshots saw in their 90 days, each the nearest to 90, 180, 270 and 360 days on.</summary>
    private static Outcome JudgeSpending(Timeline timeline, Snapshot snapshot)
    {
        if (Standing(timeline, snapshot) is { } rule)
            return Outcome.Without(rule);
        if (timeline.KnownUntil < Timeline.After(snapshot.At, 360 + SpendingSlack))
            return Outcome.Without(Unknown);

        double spent = 0;
        foreach (var days in (int[])[90, 180, 270, 360])
        {
            // Where no snapshot was taken, there was no payment.
            var due = Timeline.After(snapshot.At, days);
            spent += timeline.Happenings.Where(each => each.Name == Timeline.Spent && Math.Abs(each.At - due) <= Timeline.After(0, SpendingSlack))
                .OrderBy(each => Math.Abs(each.At - due)).Select(each => each.Part).FirstOrDefault() ?? 0;
        }

        return new Outcome((float)(spent * CardMargin));
    }

    private static string? Standing(Timeline timeline, Snapshot snapshot) =>
        timeline.Last(Timeline.AccountClosed, snapshot.At) is not null ? Closed
        : !(snapshot.Vector[(int)Feature.TenureDays] >= LeastTenure) ? TooNew
        : null;
}
