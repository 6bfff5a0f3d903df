using System.Collections.Frozen;
using static ServerlessCLM.Functions.Http.Roles;

namespace ServerlessCLM.Functions.Http;

/// <summary>Who may call which HTTP function. A function that is not here answers nobody.</summary>
public static class AccessTable
{
    private const Roles Readers = Analyst | Approver | Auditor | Administrator;
    private const Roles CustomerReaders = Readers | Agent | Service;

    private static readonly FrozenDictionary<string, Roles> Table = new Dictionary<string, Roles>(StringComparer.Ordinal)
    {
        // Events come from other systems; what could not be taken is mended by who runs the product.
        ["PostTransactions"] = Service | Administrator,
        ["PostEvents"] = Service | Administrator,
        ["ListDeadLetters"] = Administrator | Auditor,
        ["GetDeadLetter"] = Administrator,
        ["ResendDeadLetter"] = Administrator,

        ["GetCustomer"] = CustomerReaders,
        ["PutProfile"] = Service | Agent,
        ["PutConsent"] = Service | Agent,
        // Kept apart and used for nothing but fairness: only the system that knows the groups writes them, and nobody reads them.
        ["PutProtectedGroups"] = Service,
        ["ExportCustomer"] = Agent | Administrator,
        ["EraseCustomer"] = Administrator,

        ["Authorize"] = Service,
        ["GetCreditLine"] = CustomerReaders,
        ["DecideCreditLine"] = Service | Agent,
        ["SendNotice"] = Service | Agent,
        ["AskForReview"] = Service | Agent,
        ["ListReviews"] = Agent | Auditor | Administrator,
        ["ResolveReview"] = Agent,

        ["Decide"] = Service | Agent,
        ["GetDecision"] = CustomerReaders,
        ["ReplayDecision"] = Readers | Agent,
        ["ReplayDecisions"] = Auditor | Administrator,
        ["PostOutcomes"] = Service | Agent,
        ["GetStrategyLearning"] = Readers,
        ["SimulateStrategy"] = Analyst | Approver,

        ["ReserveContact"] = Service | Agent,
        ["DispatchContact"] = Service | Agent,
        ["WithdrawContact"] = Service | Agent,

        ["GetAudit"] = Auditor | Administrator,
        ["VerifyAudit"] = Auditor | Administrator,

        ["GetSchema"] = Open,
        ["ListDocuments"] = Readers,
        ["GetDocument"] = Readers,
        ["GetDocumentHistory"] = Readers,
        ["GetDocumentDifference"] = Readers,
        ["ValidateDocument"] = Analyst | Approver,
        ["ListExpressionNames"] = Readers,
        // With a sample customer it shows what is known of them, as GetCustomer does.
        ["CheckExpression"] = Analyst | Approver,
        ["PutDocument"] = Analyst,
        ["SubmitDocument"] = Analyst,
        ["ApproveDocument"] = Approver,

        ["ListExperiments"] = Readers,
        ["GetExperiment"] = Readers,
        ["ExposeCustomer"] = Service,

        ["ListModels"] = Readers,
        ["GetModel"] = Readers,
        ["GetModelCard"] = Readers,
        ["GetModelHistory"] = Readers,
        ["GetModelWatch"] = Readers,
        ["PostChallenger"] = Analyst,
        ["PromoteModel"] = Approver,
        ["RollBackModel"] = Approver | Administrator,
        ["WithdrawChallenger"] = Analyst | Approver,

        ["DraftMessage"] = Service | Agent,
        ["WriteMessage"] = Service | Agent,
        ["GetMessage"] = CustomerReaders,
        ["ProveMessage"] = Analyst | Approver | Auditor | Service,
        ["ListTemplates"] = Readers,
        ["PreviewTemplate"] = Analyst | Approver,
        ["SwitchDrafting"] = Administrator,
        ["SendMessage"] = Service | Agent,
        ["ListMessages"] = CustomerReaders,
        ["ListOutbox"] = Readers | Agent,
        ["ListApprovals"] = Readers,
        ["ApproveMessage"] = Approver,
        // Signed by the gateway; the one with a key is for gateways that cannot sign.
        ["TakeReceipt"] = Open,
        ["TellReceipt"] = Service,
        ["AskAssistant"] = Service | Agent,
        ["GetCallBrief"] = Agent,

        ["ListCatalogue"] = Readers,
        ["GetCatalogueJourney"] = Readers,
        ["ListJourneys"] = Readers,
        ["GetJourney"] = Readers,
        ["DryRunJourney"] = Analyst | Approver,
        ["MigrateJourney"] = Approver,
        ["EnterJourney"] = Service | Agent,
        ["PostSignal"] = Service | Agent,
        ["ListCustomerJourneys"] = CustomerReaders,
        ["CancelJourney"] = Agent | Administrator,
        ["ListTasks"] = Agent | Approver | Auditor,
        ["AnswerTask"] = Agent | Approver,

        // The link is the customer's: it is signed, it ends, and what it may be used for is in it.
        ["SeeBalance"] = Open,
        ["StartPayment"] = Open,
        ["PromiseByLink"] = Open,
        ["PlanByLink"] = Open,
        // Signed by the payment provider.
        ["ReceivePayment"] = Open,
        ["GetDebts"] = CustomerReaders,
        ["MakePromise"] = Service | Agent,
        ["ProposePlan"] = Service | Agent,
        ["AgreePlan"] = Service | Agent,
        ["ProposeSettlement"] = Service | Agent,
        ["DecideSettlement"] = Approver,
        ["CreateLink"] = Service | Agent,
        ["DecideSelfCure"] = Service | Agent,
        ["ListCases"] = Agent | Auditor | Administrator,
        ["GetCollectionsFigures"] = Readers | Agent,
        ["OpenCase"] = Service | Agent,
        ["GetCase"] = Agent | Auditor | Approver,
        ["ClaimCase"] = Agent,
        ["ReleaseCase"] = Agent,
        ["CompleteCase"] = Agent,
        ["RequestHandOff"] = Agent,
        ["DecideHandOff"] = Approver,
        ["GetEvidence"] = Agent | Auditor | Approver,

        ["Health"] = Open,
        ["OpenApi"] = Open,

        // The page holds no data; whoever signs in brings a token, which that function checks.
        ["Console"] = Open,
        ["GetSignIn"] = Open,
        ["SignIn"] = Open,
        ["GetMe"] = All,
        ["GetOverview"] = Readers | Agent,
        ["CountStages"] = Analyst | Administrator,
        ["ListCustomers"] = Readers | Agent,
        ["ListTimers"] = Auditor | Administrator,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Functions whose answers are for anybody, or that check a signature of their own.</summary>
    private const Roles Open = (Roles)(1 << 30);

    /// <summary>Names of the functions in the table.</summary>
    public static IEnumerable<string> Functions => Table.Keys;

    /// <summary>Whether nobody need be known to call a function.</summary>
    public static bool IsOpen(string function) => Table.TryGetValue(function, out var roles) && roles == Open;

    /// <summary>The roles that may call a function; none when it is not in the table.</summary>
    public static Roles Allowed(string function) => Table.TryGetValue(function, out var roles) && roles != Open ? roles : None;
}
