using ServerlessCLM.Customers;
using ServerlessCLM.Experiments;
using ServerlessCLM.Journeys.Collections;
using ServerlessCLM.Models;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Tests.Journeys.Collections;

/// <summary>What is agreed, over weeks.</summary>
public class DebtAgreementsTests : ProductTests
{
    [Fact]
    public async Task The_timer_raises_each_mark_once_and_a_payment_ends_them()
    {
        await using var product = await PartsAsync();
        var debtor = await Debtor.InArrearsAsync(product, 3);
        product.Clock.Advance(TimeSpan.FromDays(60));
        await debtor.LookAsync();
        await debtor.LookAsync();
        Assert.Equal(["due_soon", "arrears_entered", "dpd_6", "dpd_30", "dpd_60"],
            (await debtor.SignalsAsync()).Where(name => name is "due_soon" or "arrears_entered" || name.StartsWith("dpd", StringComparison.Ordinal)));
        await debtor.TellAsync("clm.lifecycle.v1", """{"event":"debt_payment","details":{"debt":"card-1","amount":300,"currency":"EUR"}}""");
        product.Clock.Advance(TimeSpan.FromDays(60));
        await debtor.LookAsync();
        Assert.DoesNotContain("dpd_90", await debtor.SignalsAsync());
        Assert.Single(await debtor.SignalsAsync(), "arrears_cured");
    }

    [Fact]
    public async Task A_promise_that_is_not_kept_is_broken_by_the_timer_and_the_same_cause_makes_one()
    {
        await using var product = await PartsAsync();
        var debtor = await Debtor.InArrearsAsync(product, 10);
        var agreements = product.Get<DebtAgreements>();
        for (var told = 0; told < 2; told++)
            await agreements.PromiseAsync(debtor.Customer, "card-1", 100, new DateOnly(2026, 11, 25), Party.SelfService, "link 1", CancellationToken.None);
        Assert.Single(await debtor.SignalsAsync(), "promise_made");
        product.Clock.Advance(TimeSpan.FromDays(8));
        await debtor.LookAsync();
        Assert.Equal(PromiseStatus.Broken, (await debtor.DebtAsync()).Promise!.Status);
        Assert.Single(await debtor.SignalsAsync(), "promise_broken");
        await agreements.PromiseAsync(debtor.Customer, "card-1", 100, new DateOnly(2026, 11, 25), Party.SelfService, "link 1", CancellationToken.None);
        Assert.Single(await debtor.SignalsAsync(), "promise_made");
    }

    [Fact]
    public async Task A_plan_is_replaced_until_the_hardship_route_is_left()
    {
        await using var product = await PartsAsync();
        var debtor = await Debtor.InArrearsAsync(product, 40, amount: 2000);
        var agreements = product.Get<DebtAgreements>();
        for (var revision = 0; revision <= CollectionsPolicy.Default.Plan.MostRevisions; revision++)
        {
            var plan = (await agreements.AgreePlanAsync(debtor.Customer, "card-1", null, null, Party.Agent("eve"), $"call {revision}", CancellationToken.None)).Plan!;
            Assert.Equal((revision, PlanStatus.Active), (plan.Revision, plan.Status));
            Assert.All(plan.Instalments, instalment => Assert.True(instalment.Amount <= plan.Disposable));
            product.Clock.Advance(TimeSpan.FromDays(45));
            await debtor.LookAsync();
            Assert.Equal(PlanStatus.Broken, (await debtor.DebtAsync()).Plan!.Status);
        }

        var refused = await Assert.ThrowsAsync<CollectionsRefusedException>(() =>
            agreements.AgreePlanAsync(debtor.Customer, "card-1", null, null, Party.Agent("eve"), "call 9", CancellationToken.None));
        Assert.Contains("hardship", refused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plans_of_two_debts_together_leave_the_customer_what_they_need()
    {
        await using var product = await PartsAsync();
        var debtor = await Debtor.InArrearsAsync(product, 40, amount: 2000);
        await debtor.DueAsync(40, 3000, "loan-1");
        var agreements = product.Get<DebtAgreements>();
        var first = (await agreements.AgreePlanAsync(debtor.Customer, "card-1", null, null, Party.Agent("eve"), "call", CancellationToken.None)).Plan!;
        var proposal = await agreements.ProposePlanAsync(debtor.Customer, "loan-1", null, Party.Agent("eve"), CancellationToken.None);
        var second = proposal.Instalments.Count == 0 ? 0 : proposal.Instalments[0].Amount;
        Assert.True(first.Instalments[0].Amount + second <= first.Disposable);
        Assert.Equal(Math.Max(0, (decimal.Floor(proposal.Budget!.Disposable * 0.9m * 100) / 100) - first.Instalments[0].Amount), proposal.Most);
    }

    [Fact]
    public async Task Breathing_space_stops_the_days_and_the_clocks_for_as_long_as_it_lasts()
    {
        await using var product = await PartsAsync();
        var debtor = await Debtor.InArrearsAsync(product, 10);
        await product.Get<DebtAgreements>().PromiseAsync(debtor.Customer, "card-1", 100, new DateOnly(2026, 11, 25), Party.SelfService, "link 1", CancellationToken.None);
        await debtor.FlagAsync("breathingSpace");
        product.Clock.Advance(TimeSpan.FromDays(60));
        await debtor.LookAsync();
        Assert.Equal((10, PromiseStatus.Open), await StandingAsync());

        await debtor.FlagAsync("breathingSpace", set: false);
        await debtor.LookAsync();
        product.Clock.Advance(TimeSpan.FromDays(6));
        await debtor.LookAsync();
        Assert.Equal((16, PromiseStatus.Open), await StandingAsync());
        product.Clock.Advance(TimeSpan.FromDays(1));
        await debtor.LookAsync();
        Assert.Equal((17, PromiseStatus.Broken), await StandingAsync());

        async Task<(int, PromiseStatus)> StandingAsync()
        {
            var partition = (await product.Get<CustomerStore>().ReadAsync(debtor.Customer, CancellationToken.None))!;
            var calendar = DebtCalendar.Of(System.Text.Json.JsonSerializer.Deserialize(partition.Rows.Single(row => row.Key == CustomerRows.Profile).Value, CustomersJson.Default.Profile));
            var debt = await debtor.DebtAsync();
            return (debt.DaysPastDue(calendar, calendar.Today(product.Clock.GetUtcNow())), debt.Promise!.Status);
        }
    }

    [Fact]
    public async Task A_broken_promise_puts_nobody_into_a_worse_place_than_their_own_word()
    {
        await using var product = await PartsAsync();
        var debtor = await Debtor.InArrearsAsync(product, 10);
        var agreements = product.Get<DebtAgreements>();
        for (var broken = 0; broken < CollectionsPolicy.Default.Promise.MostBroken; broken++)
        {
            var today = DateOnly.FromDateTime(product.Clock.GetUtcNow().UtcDateTime);
            await agreements.PromiseAsync(debtor.Customer, "card-1", 50, today.AddDays(2), Party.SelfService, $"link {broken}", CancellationToken.None);
            product.Clock.Advance(TimeSpan.FromDays(5));
            await debtor.LookAsync();
        }

        var by = DateOnly.FromDateTime(product.Clock.GetUtcNow().UtcDateTime).AddDays(2);
        await Assert.ThrowsAsync<CollectionsRefusedException>(() => agreements.PromiseAsync(debtor.Customer, "card-1", 50, by, Party.SelfService, "link 9", CancellationToken.None));
        Assert.True((await agreements.PromiseAsync(debtor.Customer, "card-1", 50, by, Party.Agent("eve"), "call", CancellationToken.None)).HasOpenPromise);
    }

    [Fact]
    public async Task The_arm_that_is_contacted_all_the_same_keeps_proving_that_leaving_alone_costs_nothing()
    {
        await using var product = await PartsAsync();
        var likely = CollectionsPolicy.Default with { SelfCure = CollectionsPolicy.Default.SelfCure with { Least = 0 } };
        var (experiment, wrong) = ExperimentDocuments.Read("""
            {"id":"self-cure","version":1,"unit":"customer","salt":"s","arms":{"left-alone":0.5,"contact":0.5},"control":"left-alone",
             "metric":{"signal":"arrears_cured","window":"P30D"},"decide":{"method":"confidence-sequence","alpha":0.05,"units":1000,"onWin":"keep","onHarm":"stop"}}
            """u8);
        Assert.Empty(wrong);
        var live = new LiveExperiment(experiment!, ExperimentState.New);
        var (alone, contacted) = (0, 0);
        for (var i = 0; i < 12; i++)
        {
            var debtor = await Debtor.InArrearsAsync(product, 3, id: $"C-{i}");
            var first = await DecideAsync(debtor);
            Assert.Equal(first with { Chance = null }, await DecideAsync(debtor) with { Chance = null, Arm = first.Arm });
            Assert.Equal(Assignment.ArmOf(experiment!, debtor.Id) == "contact", first.Until is null);
            (alone, contacted) = first.Until is null ? (alone, contacted + 1) : (alone + 1, contacted);
            Assert.Equal(first.Until is not null, (await debtor.DebtAsync()).IsLeftAlone(new DateOnly(2026, 11, 20)));
        }

        Assert.True(alone > 0 && contacted > 0);

        async Task<YoungArrears> DecideAsync(Debtor debtor) => (await product.Get<CustomerStore>().UpdateAsync(debtor.Customer,
            session => SelfCure.Decide(session, "card-1", likely, ModelSet.Shipped, live, UniversalHoldout.None, product.Clock.GetUtcNow()),
            CancellationToken.None, [.. Debts.RowsOf("card-1"), CustomerRows.Experiments])).Result;
    }
}
