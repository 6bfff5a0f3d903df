using System.Collections.Frozen;
using static ServerlessCLM.Messages.Languages.Lexicon;

namespace ServerlessCLM.Messages.Assistant;

/// <summary>What a customer can be told from their facts.</summary>
public enum AssistantTopic { Balance, Due, Plan }

/// <summary>How questions are asked, and answered, in one language. The answers are templates.</summary>
internal sealed record AssistantWords(
    FrozenDictionary<AssistantTopic, string[]> Questions, FrozenDictionary<AssistantTopic, string> Answers, string HandedOver)
{
    public static readonly FrozenDictionary<string, AssistantWords> All = new Dictionary<string, AssistantWords>
    {
        ["en"] = Of("balance|how much money do i have|how much is in my account|how much is on my account",
            "when is it due|due date|when is my payment|when do i have to pay|when must i pay|how much do i owe|how much do i still owe|how much is due|what do i owe|next payment",
            "my plan|payment plan|instalments do i|my instalments|next instalment|which instalments",
            "Your balance is {{balance}}.", "Your next payment is {{amount_due}}, due on {{due}}.", "Your plan has these instalments left:\n{{#each plan}}\n- {{amount}} on {{date}}\n{{/each}}",
            "I would rather have a colleague answer this. Somebody will get back to you."),
        ["de"] = Of("saldo|kontostand|wie viel geld habe ich|wie viel ist auf meinem konto",
            "wann ist das fallig|wann ist es fallig|falligkeit*|wann muss ich zahlen|wann ist meine zahlung|wie viel schulde ich|wie viel muss ich|was schulde ich|nachste zahlung|nachste rate fallig",
            "mein plan|meinen plan|meinem plan|zahlungsplan|ratenplan|meine raten|welche raten",
            "Ihr Saldo ist {{balance}}.", "Ihre nächste Zahlung ist {{amount_due}}, fällig am {{due}}.", "Von Ihrem Plan sind noch diese Raten offen:\n{{#each plan}}\n- {{amount}} am {{date}}\n{{/each}}",
            "Das beantwortet Ihnen besser jemand aus unserem Haus. Man meldet sich bei Ihnen."),
        ["fr"] = Of("solde|combien ai je sur", "quand dois je payer|date d echeance|echeance|combien je dois|combien dois je|combien je vous dois|prochain paiement", "mon plan|plan de paiement|mes mensualites|echeancier",
            "Votre solde est de {{balance}}.", "Votre prochain paiement est de {{amount_due}}, à régler pour le {{due}}.", "Il reste ces échéances dans votre plan :\n{{#each plan}}\n- {{amount}} pour le {{date}}\n{{/each}}",
            "Je préfère laisser un collègue vous répondre. Il vous recontactera."),
        ["es"] = Of("saldo|cuanto dinero tengo", "cuando vence|cuando tengo que pagar|vencimiento|cuanto debo|proximo pago", "mi plan|plan de pago*|mis cuotas|mis plazos",
            "Su saldo es de {{balance}}.", "Su próximo pago es de {{amount_due}} y vence el {{due}}.", "De su plan quedan estos plazos:\n{{#each plan}}\n- {{amount}} el {{date}}\n{{/each}}",
            "Prefiero que le responda una persona del banco. Se pondrá en contacto con usted."),
        ["cs"] = Of("zustatek|kolik mam na uctu", "kdy je splatnost|splatnost|kdy mam zaplatit|kolik dluzim|kolik jeste dluzim|pristi platba", "muj plan|mem planu|splatkovy kalendar|moje splatky",
            "Váš zůstatek je {{balance}}.", "Vaše příští platba je {{amount_due}}, splatná {{due}}.", "Ve vašem plánu zbývají tyto splátky:\n{{#each plan}}\n- {{amount}} dne {{date}}\n{{/each}}",
            "Na to vám raději odpoví někdo z našich lidí. Ozve se vám."),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static AssistantWords Of(string balance, string due, string plan, string balanceIs, string dueIs, string planIs, string handedOver) => new(
        new Dictionary<AssistantTopic, string[]>
        {
            [AssistantTopic.Plan] = Phrases(plan), [AssistantTopic.Due] = Phrases(due), [AssistantTopic.Balance] = Phrases(balance),
        }.ToFrozenDictionary(),
        new Dictionary<AssistantTopic, string>
        {
            [AssistantTopic.Balance] = balanceIs, [AssistantTopic.Due] = dueIs, [AssistantTopic.Plan] = planIs,
        }.ToFrozenDictionary(),
        handedOver);
}
