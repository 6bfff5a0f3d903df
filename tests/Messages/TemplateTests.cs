using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using ServerlessCLM.Customers;
using ServerlessCLM.Documents;
using ServerlessCLM.Messages;
using ServerlessCLM.Messages.Drafting;
using ServerlessCLM.Messages.Templates;

namespace ServerlessCLM.Tests.Messages;

/// <summary>Templates as documents: what they may name, and what becomes of them with facts.</summary>
public class TemplateTests
{
    private static readonly TemplateKind Kind = new();

    public static TheoryData<string> ShippedIds => [.. TemplateLibrary.Shipped.Select(document => (string)document["id"]!)];

    [Theory]
    [MemberData(nameof(ShippedIds))]
    public void What_the_product_ships_is_sound_and_speaks_English_and_German(string id)
    {
        var document = TemplateLibrary.Shipped.Single(shipped => (string)shipped["id"]! == id);
        Assert.Empty(Kind.Check(document));
        var template = TemplateDocument.Read(document);
        Assert.Equal(["de", "en"], template.Languages.Order());
        Assert.Equal(
            template.Texts.Where(text => text.Language == "en").Select(text => text.Channel),
            template.Texts.Where(text => text.Language == "de").Select(text => text.Channel));
    }

    [Theory]
    [InlineData("$.texts.en.sms.body", "Pay {{amount_du}} on {{due}}.", "amount_du is no fact of the template; the nearest name is amount_due", 4)]
    [InlineData("$.texts.en.sms.body", "Pay {{amount_due}} to {{merchant}}.", "merchant is optional: it must stand between {{#if merchant}} and {{/if}}", 22)]
    [InlineData("$.texts.en.sms.body", "{{#if merchant}}At {{merchant}}{{else}}{{merchant}}{{/if}}", "merchant is optional: it must stand between {{#if merchant}} and {{/if}}", 39)]
    [InlineData("$.texts.en.sms.body", "Pay {{amount_due}", "is a brace outside {{…}}", 4)]
    [InlineData("$.texts.en.sms.body", "{{#if merchant}}Hello", "{{#if merchant}} is not closed", 0)]
    [InlineData("$.texts.en.sms.body", "Hello{{/if}}", "{{/if}} closes nothing", 5)]
    [InlineData("$.texts.en.sms.body", "{{#if merchant}}{{#each plan}}{{/if}}{{/each}}", "{{/if}} stands where {{/each}} of plan must", 30)]
    [InlineData("$.texts.en.sms.body", "{{amount_due * 2}}", "{{amount_due * 2}} is neither a placeholder nor", 0)]
    [InlineData("$.texts.en.sms.body", "{{#if amount_due = 2}}x{{/if}}", "amount_due is no count: only a count can be compared", 0)]
    [InlineData("$.texts.en.sms.body", "{{plan}}", "plan is a list: go through it with {{#each plan}}", 0)]
    [InlineData("$.texts.en.sms.body", "{{#each amount_due}}x{{/each}}", "amount_due is no list", 0)]
    [InlineData("$.texts.en.sms.body", "{{#each plan}}{{#each plan}}x{{/each}}{{/each}}", "a list cannot be gone through within another", 14)]
    [InlineData("$.texts.en.sms.body", "{{#each plan}}{{day}}{{/each}}", "day is no fact of the template", 14)]
    public void A_text_that_cannot_be_filled_is_told_by_path_place_and_reason(string path, string body, string reason, int position)
    {
        var document = Sample();
        document["texts"]!["en"]!["sms"]!["body"] = body;
        var finding = Kind.Check(document).First(found => !found.IsWarning);
        Assert.Equal((path, position), (finding.Path, finding.Position));
        Assert.StartsWith(reason, finding.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Pay 500 euros at once.", "fails its proof with sample: numbers: ")]
    [InlineData("Pay {{amount_due}} or we will take legal action.", "fails its proof with sample: claims: ")]
    [InlineData("Sie müssen {{amount_due}} bis zum {{due}} zahlen, und das ist für uns nicht verhandelbar.", "fails its proof with sample: language: ")]
    [InlineData("It is your fault that {{amount_due}} is not paid.", "fails its proof with sample: tone: ")]
    [InlineData("{{#if merchant}}Pay.{{else}}We guarantee that it is fine.{{/if}}", "fails its proof with no optional facts: claims: ")]
    public void A_text_that_fails_its_own_proof_is_not_taken(string body, string reason)
    {
        var document = Sample();
        document["texts"]!["en"]!["sms"]!["body"] = body;
        Assert.Contains(Kind.Check(document), finding => finding.Path == "$.texts.en.sms" && finding.Reason.StartsWith(reason, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("texts.xx", """{"sms":{"body":"Hello"}}""", "$.texts.xx", "is not a member")]
    [InlineData("texts.en.fax", """{"body":"Hello"}""", "$.texts.en.fax", "is not a member")]
    [InlineData("facts.amount_due.sample", "\"a lot\"", "$.facts.amount_due.sample", "must be an amount like 120.00 EUR")]
    [InlineData("facts.plan.sample", """[{"day":"2027-04-01"}]""", "$.facts.plan.sample", "must be a list of objects")]
    [InlineData("facts.due.unit", "\"day\"", "$.facts.due.unit", "only a count has")]
    [InlineData("facts.due.of", """{"day":{"kind":"date"}}""", "$.facts.due.of", "only a list has")]
    [InlineData("samples", """{"rich":{"amount_dew":"1.00 EUR"}}""", "$.samples.rich.amount_dew", "is no fact of the template; the nearest name is amount_due")]
    [InlineData("samples", """{"poor":{"amount_due":null}}""", "$.samples.poor.amount_due", "must have a value")]
    [InlineData("purpose", "\"marketing\"", "$.optOut.en", "is required")]
    [InlineData("purpose", "\"fun\"", "$.purpose", "must be one of marketing, service, arrears, collections")]
    [InlineData("allowedClaims", "[\"threat\"]", "$.allowedClaims[0]", "is not allowed in a message about arrears")]
    [InlineData("disclosures", """{"de":["Effektivzins 9,9 %."]}""", "$.disclosures.en", "is required")]
    public void Whatever_else_is_wrong_is_told_by_path_and_reason(string member, string json, string path, string reason)
    {
        var document = Sample();
        var place = member.Split('.');
        var parent = place[..^1].Aggregate((JsonNode)document, (node, name) => node[name]!);
        parent[place[^1]] = JsonNode.Parse(json);
        Assert.Contains(Kind.Check(document), finding => !finding.IsWarning && finding.Path == path && finding.Reason.StartsWith(reason, StringComparison.Ordinal));
    }

    [Fact]
    public void Choices_and_lists_leave_a_text_with_placeholders()
    {
        const string text = "Hello{{#if name}} {{name}}{{/if}},\n{{#if parts = 1}}\none\n{{else}}\nmany\n{{/if}}\n{{#each plan}}\n- {{amount}} on {{date}}\n{{/each}}\nBye";
        Fact[] facts =
        [
            new PersonalFact("name", "Ann"), new CountFact("parts", 1), new MoneyFact("plan_1_amount", 5, "EUR"), new DateFact("plan_1_date", new DateOnly(2027, 4, 1)),
            new MoneyFact("plan_2_amount", 6, "EUR"), new DateFact("plan_2_date", new DateOnly(2027, 5, 1)),
        ];
        Assert.Equal(
            "Hello {{name}},\none\n- {{plan_1_amount}} on {{plan_1_date}}\n- {{plan_2_amount}} on {{plan_2_date}}\nBye", Composition.Render(text, facts));
        Assert.Equal("Hello,\nmany\nBye", Composition.Render(text, [new CountFact("parts", 2)]));
    }

    /// <summary>Whatever a fact says, it is words and never template: only the template's own tags are read.</summary>
    [Fact]
    public void A_fact_cannot_bring_a_tag_into_the_text()
    {
        var hostile = ArbMap.Default.ArbFor<NonNull<string>>().Generator.Select(text => "{{#if amount_due}}" + text.Get + "{{amount_due}}").ToArbitrary();
        Prop.ForAll(hostile, text => Composition.Render("From {{merchant}}.", [new QuotedFact("merchant", text)]) == "From {{merchant}}.").QuickCheckThrowOnFailure();
    }

    /// <summary>A text either parses into what writes the same words again, or is refused with a place within it.</summary>
    [Fact]
    public void Every_text_is_read_or_refused_at_a_place_within_it()
    {
        var piece = Gen.Elements("{{name}}", "{{#if name}}", "{{else}}", "{{/if}}", "{{#each plan}}", "{{/each}}", "{", "}", "{{", "}}", "words ", "\n", "{{#if name = 1}}");
        Prop.ForAll(piece.ListOf().Select(string.Concat).ToArbitrary(), text =>
        {
            try
            {
                TemplateSyntax.Parse(text);
                return text.Split("{{#").Length - 1 == text.Split("{{/").Length - 1;
            }
            catch (TemplateSyntaxException wrong)
            {
                return wrong.Position >= 0 && wrong.Position < text.Length;
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public async Task A_message_is_written_by_the_template_in_force_in_the_customers_language_and_stays_as_it_was_written()
    {
        await using var product = await Product.StartAsync();
        await product.SendAsync(HttpMethod.Put, "api/customers/C-1/profile", """{"country":"DE","language":"de-AT","givenName":"Ann"}""");
        const string request = """
            {"template":"payment-due","channel":"sms","facts":[{"kind":"money","name":"amount_due","amount":120.00,"currency":"EUR"},
            {"kind":"date","name":"due","date":"2026-11-25"},{"kind":"contact","name":"hotline","text":"+49 30 1234567"},{"kind":"rate","name":"secret","percent":3}]}
            """;
        var (status, body) = await product.SendAsync(HttpMethod.Post, "api/customers/C-1/messages/m-1", request);
        Assert.Equal((200, "payment-due@1"), (status, (string?)body!["template"]));
        Assert.Equal("Ihre Zahlung von 120,00 EUR ist am 25. 11. 2026 fällig. Passt Ihnen der Tag nicht, rufen Sie uns an: +49 30 1234567.", (string?)body["body"]);
        Assert.DoesNotContain("secret", body["brief"]!.ToJsonString(), StringComparison.Ordinal);

        product.Clock.Advance(TimeSpan.FromDays(3));
        Assert.Equal((string?)body["at"], (string?)(await product.SendAsync(HttpMethod.Post, "api/customers/C-1/messages/m-1", request)).Body!["at"]);
        Assert.Equal(409, (await product.SendAsync(HttpMethod.Post, "api/customers/C-1/messages/m-1", """{"template":"first-purchase","channel":"email"}""")).Status);
        var (missing, problem) = await product.SendAsync(HttpMethod.Post, "api/customers/C-1/messages/m-2", """{"template":"payment-due","channel":"sms","facts":[]}""");
        Assert.Equal((400, "facts.amount_due"), (missing, (string?)problem!["field"]));
        Assert.Equal("template", (string?)(await product.SendAsync(HttpMethod.Post, "api/customers/C-1/messages/m-3", """{"template":"none","channel":"sms"}""")).Body!["field"]);
        Assert.Equal("channel", (string?)(await product.SendAsync(HttpMethod.Post, "api/customers/C-1/messages/m-4", """{"template":"payment-due","channel":"letter"}""")).Body!["field"]);
    }

    [Fact]
    public async Task The_institutions_own_template_takes_the_place_of_the_shipped_one_once_somebody_else_approves_it()
    {
        await using var product = await Product.PartsAsync();
        var (workflow, library) = (product.Get<DocumentWorkflow>(), product.Get<TemplateLibrary>());
        var own = TemplateLibrary.Shipped.Single(document => (string)document["id"]! == "payment-due").DeepClone().AsObject();
        own["texts"]!["en"]!["sms"]!["body"] = "{{amount_due}} is due on {{due}}. Questions: {{hotline}}.";
        var (record, _) = await workflow.SaveAsync(Kind, "payment-due", own, null, "ann", null, CancellationToken.None);
        await workflow.SubmitAsync(Kind, "payment-due", 1, "ann", null, CancellationToken.None);
        var seen = record.Versions[0].Digest;
        await Assert.ThrowsAsync<DocumentRefusedException>(() => workflow.DecideAsync(Kind, "payment-due", 1, true, seen, "ann", null, CancellationToken.None));
        Assert.StartsWith("Your payment", await BodyAsync(), StringComparison.Ordinal);
        await workflow.DecideAsync(Kind, "payment-due", 1, true, seen, "bob", null, CancellationToken.None);
        product.Clock.Advance(TemplateLibrary.Kept);
        Assert.StartsWith("{{amount_due}} is due", await BodyAsync(), StringComparison.Ordinal);

        async Task<string> BodyAsync() => (await library.FindAsync("payment-due", CancellationToken.None))!.TextFor(MessageChannel.Sms, "en")!.Body;
    }

    [Fact]
    public async Task A_preview_shows_every_text_for_every_sample_and_why_one_is_refused()
    {
        await using var product = await Product.StartAsync();
        var (_, shipped) = await product.SendAsync(HttpMethod.Post, "api/messages/templates/payment-plan/preview");
        var texts = shipped!["texts"]!.AsArray();
        Assert.Equal(12, texts.Count);
        Assert.All(texts, text => Assert.True((bool)text!["accepted"]!));
        Assert.Contains(texts, text => ((string)text!["body"]!).Contains("in 1 Rate:\n\n- 80,00\u00A0EUR am 1.\u00A04.\u00A02027", StringComparison.Ordinal));

        var draft = Sample();
        draft["texts"]!["en"]!["sms"]!["body"] = "Pay {{amount_due}} or we take legal action.";
        var (_, refused) = await product.SendAsync(HttpMethod.Post, "api/messages/templates/x/preview", draft.ToJsonString());
        Assert.Contains(refused!["texts"]!.AsArray(), text => !(bool)text!["accepted"]! && (string?)text["refusals"]![0]!["check"] == "claims");
        Assert.Equal(404, (await product.SendAsync(HttpMethod.Post, "api/messages/templates/x/preview")).Status);
        Assert.Equal(TemplateLibrary.Shipped.Count, (await product.SendAsync(HttpMethod.Get, "api/messages/templates")).Body!["templates"]!.AsArray().Count);
    }

    private static JsonObject Sample() => JsonNode.Parse("""
        {
          "id": "reminder", "version": 1, "purpose": "arrears", "topic": "A payment is late.",
          "facts": {
            "amount_due": { "kind": "money", "sample": "120.00 EUR" },
            "due": { "kind": "date", "sample": "2027-03-12" },
            "merchant": { "kind": "quoted", "optional": true, "sample": "Café Müller" },
            "plan": { "kind": "list", "optional": true, "of": { "date": { "kind": "date" } }, "sample": [ { "date": "2027-04-01" } ] }
          },
          "texts": { "en": { "sms": { "body": "Your payment of {{amount_due}} was due on {{due}}." } } }
        }
        """)!.AsObject();
}
