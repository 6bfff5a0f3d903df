using System.Text;
using ServerlessCLM.Experiments;

namespace ServerlessCLM.Tests.Experiments;

public sealed class ExperimentDocumentTests
{
    [Fact]
    public void A_document_is_read_whole()
    {
        var (experiment, wrong) = ExperimentDocuments.Read(Encoding.UTF8.GetBytes(ExperimentOf.Node("""
            {"varies":"strategy","arms":{"control":{"share":0.5,"use":"card-retail@3"},"new":{"share":0.5,"use":"card-retail@4"}},
             "covariate":"purchases_30d","traffic":0.2,"from":"2027-01-01T00:00:00Z",
             "metric":{"outcome":"payment","value":"amount","window":"P30D"},
             "decide":{"method":"group-sequential","alpha":0.01,"units":20000,"looks":4,"spending":"pocock"}}
            """).ToJsonString()));
        Assert.Empty(wrong);
        Assert.Equal(("strategy", "purchases_30d", 0.2), (experiment!.Varies, experiment.Covariate, experiment.Traffic));
        Assert.Equal("card-retail@4", experiment.Arm("new")!.Use);
        Assert.Equal(["payment.amount", "optOut", "complaint"], experiment.Metrics.Select(metric => metric.Name));
        Assert.Equal(new DecisionRule(DecisionMethod.GroupSequential, 0.01, 20_000, 4, Spending.Pocock, OnWin: true, OnHarm: true), experiment.Decide);
        Assert.All(experiment.Guardrails, guardrail => Assert.Equal(TimeSpan.FromDays(7), guardrail.Metric.Window));
    }

    [Theory]
    [InlineData("""{"id":null}""", "id", "required")]
    [InlineData("""{"id":"a b"}""", "id", "must be a name")]
    [InlineData("""{"version":1.5}""", "version", "whole number")]
    [InlineData("""{"speed":1}""", "speed", "is not a member here")]
    [InlineData("""{"unit":"household"}""", "unit", "must be customer")]
    [InlineData("""{"traffic":0}""", "traffic", "above 0")]
    [InlineData("""{"varies":"weather"}""", "varies", "must be one of")]
    [InlineData("""{"arms":{"control":0.5,"b":0.4}}""", "arms", "add up to 1, not 0.9")]
    [InlineData("""{"arms":{"control":1}}""", "arms", "must be 2 to 10")]
    [InlineData("""{"arms":{"control":0.5,"b":{"share":0.5,"colour":1}}}""", "arms.b.colour", "is not a member here")]
    [InlineData("""{"arms":{"a":0.5,"b":0.5}}""", "control", "must name one of the arms a, b")]
    [InlineData("""{"covariate":"shoe_size"}""", "covariate", "not in the feature catalogue")]
    [InlineData("""{"metric":{"window":"P14D"}}""", "metric", "must name one of")]
    [InlineData("""{"metric":{"outcome":"joy","window":"P14D"}}""", "metric.outcome", "must be one of")]
    [InlineData("""{"metric":{"outcome":"convert","window":"two weeks"}}""", "metric.window", "must be a duration")]
    [InlineData("""{"metric":{"signal":"first_use","value":"amount","window":"P1D"}}""", "metric.value", "must be amount, of an outcome")]
    [InlineData("""{"guardrails":[{"metric":"opt_out","worse":-1}]}""", "guardrails[0].worse", "from 0")]
    [InlineData("""{"guardrails":[7]}""", "guardrails[0]", "must be an object")]
    [InlineData("""{"decide":{"method":"gut","alpha":0.05}}""", "decide.method", "must be confidence-sequence or group-sequential")]
    [InlineData("""{"decide":{"method":"confidence-sequence","alpha":0.5}}""", "decide.alpha", "to 0.2")]
    [InlineData("""{"decide":{"method":"confidence-sequence","alpha":0.05,"looks":3}}""", "decide.looks", "belongs to the method group-sequential")]
    [InlineData("""{"decide":{"method":"group-sequential","alpha":0.05,"looks":3}}""", "decide.units", "required")]
    [InlineData("""{"from":"2027-02-01T00:00:00Z","until":"2027-01-01T00:00:00Z"}""", "until", "later than from")]
    public void What_is_wrong_is_named_by_its_path(string members, string field, string reason)
    {
        var (experiment, wrong) = ExperimentDocuments.Read(ExperimentOf.Node(members));
        Assert.Null(experiment);
        Assert.Contains(wrong, each => each.Field == field && each.Reason.Contains(reason, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"id":"a","id":"b"}""")]
    public void What_is_no_object_is_refused(string text) =>
        Assert.Equal("$", Assert.Single(ExperimentDocuments.Read(Encoding.UTF8.GetBytes(text)).Wrong).Field);
}
