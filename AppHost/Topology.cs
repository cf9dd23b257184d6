#if SETUP
// Setup compiles this file too: under a name of its own, or whoever sees both programs could not name either.
namespace WpAsis.Setup;

#else
namespace WpAsis.AppHost;

#endif

/// <summary>
/// The one description of the system: what runs, what it owns, whom it may call and what it may say on the bus.
/// AppHost, Native, Setup and the tests loop over it. No Aspire types: it compiles wherever the SDK does.
/// </summary>
public static class Topology
{
    /// <summary>First port of the block; every other port is an offset from it (<c>--base-port</c> moves the block).</summary>
    public const int DefaultBasePort = 7100;

    /// <summary>Replica r listens this many ports above replica r − 1.</summary>
    public const int ReplicaStep = 100;

    /// <summary>A management port is this far above its service's public port.</summary>
    public const int ManagementOffset = 10;

    /// <summary>Offset of the provider sandbox (Graph API, model endpoint, phone, mail page, control API).</summary>
    public const int SandboxOffset = 20;

    /// <summary>Offset of the sandbox's Stripe: a port of its own, because Stripe's clients take a host and no path.</summary>
    public const int StripeSandboxOffset = 21;

    /// <summary>Offset of the sandbox's mail relay (SMTP, TLS from the first byte).</summary>
    public const int MailRelayOffset = 22;

    /// <summary>Offset of PostgreSQL.</summary>
    public const int PostgresOffset = 32;

    /// <summary>Offset of RabbitMQ's AMQPS listener.</summary>
    public const int AmqpsOffset = 71;

    /// <summary>Offset of RabbitMQ's management API (Setup makes the users through it).</summary>
    public const int BusManagementOffset = 72;

    /// <summary>The ring of content epoch keys; only <see cref="ServiceNode.ReadsContent"/> services are told where it is.</summary>
    public const string ContentRing = "content";

    /// <summary>The four PostgreSQL roles every service with a database has, by suffix.</summary>
    public static IReadOnlyList<string> Roles { get; } = ["owner", "app", "work", "log"];

    /// <summary>The five services and the console, in the order in which their ports follow each other.</summary>
    public static IReadOnlyList<ServiceNode> Services { get; } =
    [
        new("console", "Console", 0)
        {
            HasDatabase = false,
            UsesBus = false,
            Calls = ["identity", "messaging-gateway", "ai-responder", "billing", "data-subject-request"],
        },
        new("identity", "Identity", 1)
        {
            Publishes =
            [
                "Identity:TenantRegistered",
                "Identity:TenantClosed",
                "Identity:SessionRevoked",
                "Identity:SubjectProfileChanged",
                "DataSubjectRequest:SubjectErased",
                "DataSubjectRequest:SubjectRectified",
            ],
            Consumes =
            [
                "Identity:SendNotice",
                "Identity:SessionRevoked",
                "DataSubjectRequest:ErasureRequested",
                "DataSubjectRequest:RectificationRequested",
            ],
            Parameters = [Parameters.MailHost, Parameters.MailPort, Parameters.MailUser, Parameters.MailPassword],
        },
        new("messaging-gateway", "MessagingGateway", 2)
        {
            Calls = ["identity"],
            ReadsContent = true,
            Publishes =
            [
                "MessagingGateway:MessagesReceived",
                "MessagingGateway:ThreadChanged",
                "MessagingGateway:ReplyAccepted",
                "MessagingGateway:ReplyDropped",
                "MessagingGateway:HumanReplied",
                "MessagingGateway:MessageStatusChanged",
                "MessagingGateway:ChannelConnected",
                "MessagingGateway:ChannelDisconnected",
                "MessagingGateway:SubjectProved",
                "Identity:SendNotice",
                "DataSubjectRequest:SubjectErased",
                "DataSubjectRequest:SubjectRectified",
            ],
            Consumes =
            [
                "AiResponder:TurnStarted",
                "AiResponder:ReplyGenerated",
                "Identity:TenantClosed",
                "Identity:SessionRevoked",
                "DataSubjectRequest:ErasureRequested",
                "DataSubjectRequest:RectificationRequested",
            ],
            Parameters = [Parameters.WhatsAppAppSecret, Parameters.WhatsAppVerifyToken, Parameters.WhatsAppGraphUrl],
        },
        new("ai-responder", "AiResponder", 3)
        {
            Calls = ["identity", "messaging-gateway"],
            ReadsContent = true,
            Publishes =
            [
                "AiResponder:TurnStarted",
                "AiResponder:ReplyGenerated",
                "AiResponder:UsageReleased",
                "Billing:ReserveUsage",
                "Identity:SendNotice",
                "DataSubjectRequest:SubjectErased",
                "DataSubjectRequest:SubjectRectified",
            ],
            Consumes =
            [
                "MessagingGateway:MessagesReceived",
                "MessagingGateway:ThreadChanged",
                "MessagingGateway:HumanReplied",
                "MessagingGateway:ReplyAccepted",
                "MessagingGateway:ReplyDropped",
                "Billing:UsageReserved",
                "Billing:UsageDenied",
                "Billing:EntitlementsChanged",
                "Identity:TenantRegistered",
                "Identity:TenantClosed",
                "Identity:SessionRevoked",
                "DataSubjectRequest:ErasureRequested",
                "DataSubjectRequest:RectificationRequested",
            ],
            Parameters = [Parameters.ModelProvider, Parameters.ModelEndpoint, Parameters.ModelKey, Parameters.ModelName],
        },
        new("billing", "Billing", 4)
        {
            Calls = ["identity"],
            Publishes =
            [
                "Billing:UsageReserved",
                "Billing:UsageDenied",
                "Billing:EntitlementsChanged",
                "Identity:SendNotice",
                "DataSubjectRequest:SubjectErased",
                "DataSubjectRequest:SubjectRectified",
            ],
            Consumes =
            [
                "Billing:ReserveUsage",
                "AiResponder:UsageReleased",
                "MessagingGateway:ReplyAccepted",
                "MessagingGateway:ReplyDropped",
                "MessagingGateway:MessageStatusChanged",
                "MessagingGateway:ChannelConnected",
                "MessagingGateway:ChannelDisconnected",
                "Identity:TenantRegistered",
                "Identity:TenantClosed",
                "Identity:SubjectProfileChanged",
                "Identity:SessionRevoked",
                "DataSubjectRequest:ErasureRequested",
                "DataSubjectRequest:RectificationRequested",
            ],
            Parameters = [Parameters.StripeKey, Parameters.StripeWebhookSecret, Parameters.StripeUrl],
        },
        new("data-subject-request", "DataSubjectRequest", 5)
        {
            Calls = ["identity", "messaging-gateway", "ai-responder", "billing"],
            Publishes = ["DataSubjectRequest:ErasureRequested", "DataSubjectRequest:RectificationRequested", "Identity:SendNotice"],
            Consumes =
            [
                "DataSubjectRequest:SubjectErased",
                "DataSubjectRequest:SubjectRectified",
                "MessagingGateway:SubjectProved",
                "Identity:SubjectProfileChanged",
                "Identity:SessionRevoked",
            ],
        },
    ];

    /// <summary>Finds a service by its resource name.</summary>
    /// <exception cref="InvalidOperationException">No service has that name.</exception>
    public static ServiceNode Service(string name) => Services.Single(service => service.Name == name);
}

/// <summary>One service: a process, its project, its port and its neighbours.</summary>
/// <param name="Name">Resource name, queue prefix and RabbitMQ user: <c>messaging-gateway</c>.</param>
/// <param name="Project">Folder and project below <c>services/</c>: <c>MessagingGateway</c>.</param>
/// <param name="PortOffset">Offset of the public port from the base port.</param>
public sealed record ServiceNode(string Name, string Project, int PortOffset)
{
    /// <summary>Owns a database named <see cref="Database"/> with the four roles.</summary>
    public bool HasDatabase { get; init; } = true;

    /// <summary>Has a RabbitMQ user of its own.</summary>
    public bool UsesBus { get; init; } = true;

    /// <summary>Services it calls over HTTP.</summary>
    public IReadOnlyList<string> Calls { get; init; } = [];

    /// <summary>Is told where the content ring lies, and so may open message content while its epoch lives.</summary>
    public bool ReadsContent { get; init; }

    /// <summary>Messages it may publish, as <c>Owner:Message</c>; RabbitMQ grants write on exactly these exchanges.</summary>
    public IReadOnlyList<string> Publishes { get; init; } = [];

    /// <summary>Messages it consumes, as <c>Owner:Message</c>; RabbitMQ grants read on exactly these exchanges.</summary>
    public IReadOnlyList<string> Consumes { get; init; } = [];

    /// <summary>Values an operator supplies; Native fills them from the sandbox or from the environment.</summary>
    public IReadOnlyList<Parameter> Parameters { get; init; } = [];

    /// <summary>Database and connection string name: <c>messaging-gateway-db</c>.</summary>
    public string Database => $"{Name}-db";

    /// <summary>Name of a PostgreSQL role: <c>messaging_gateway_app</c>.</summary>
    public string Role(string suffix) => $"{Name.Replace('-', '_')}_{suffix}";

    /// <summary>
    /// Connection string name of a role. The request role has the plain name; the others add their suffix
    /// (<c>messaging-gateway-db</c>, <c>messaging-gateway-db-work</c>, <c>…-log</c>; <c>…-owner</c> is given to Setup only).
    /// </summary>
    public string ConnectionName(string role) => role == "app" ? Database : $"{Database}-{role}";
}
