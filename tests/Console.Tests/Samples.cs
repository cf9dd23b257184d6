namespace WpAsis.Console.Tests;

/// <summary>What the APIs say of a business that is in full swing.</summary>
internal static class Samples
{
    public const string Thread = "thr_019abc00000070008000000000000001";
    public static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    public static void Business(this StubApis apis)
    {
        apis.Say(
            "GET identity/account",
            new
            {
                accountId = "acc_1",
                name = "Deniz Kaya",
                email = "deniz@example.com",
                tenantId = ConsoleApplication.Tenant,
                tenants = new[]
                {
                    new
                    {
                        tenantId = "tnt_019abc00000070008000000000000009",
                        name = "Another business of theirs",
                        role = "viewer",
                    },
                    new
                    {
                        tenantId = ConsoleApplication.Tenant,
                        name = "Çiçek Pastanesi",
                        role = "owner",
                    },
                },
            }
        );
        apis.Say("GET messaging-gateway/channels", new { items = new[] { Channel("connected"), Channel("needs-attention", "payment") } });
        apis.Say(
            "GET messaging-gateway/threads",
            new
            {
                items = new[]
                {
                    ThreadOf("Ayşe Yılmaz", needsPerson: true),
                    ThreadOf("Mehmet Öztürk", mode: "Human"),
                    ThreadOf("Maximiliane von Hohenstein-Waldburg-Zeil"),
                    ThreadOf(null, optedOut: true),
                    ThreadOf("Elif", windowHours: -3),
                },
                next = "cursor-2",
            }
        );
        apis.Say("GET ai-responder/profile", Profile());
        apis.Say("GET billing/subscription", BillingSamples.Subscription());
        apis.Say("GET billing/plans", BillingSamples.Plans());
        apis.Say("GET billing/usage", BillingSamples.Usage());
        apis.Say("GET billing/invoices", BillingSamples.Invoices());
        apis.Say("GET data-subject-request/requests", Requests());
    }

    public static void Conversation(this StubApis apis, string mode = "Assistant", int windowHours = 20, bool optedOut = false)
    {
        apis.Say($"GET messaging-gateway/threads/{Thread}", ThreadOf("Ayşe Yılmaz", mode, optedOut, windowHours: windowHours));
        apis.Say(
            "GET messaging-gateway/messages",
            new
            {
                items = new[]
                {
                    Message(7, "outbound", "person", "Queued", minutesAgo: 1),
                    Message(6, "outbound", "person", "Failed", minutesAgo: 2, dropReason: "WindowClosed", errorCode: 131047),
                    Message(5, "inbound", "contact", null, minutesAgo: 5, kind: "Image"),
                    Message(4, "outbound", "assistant", "Delivered", minutesAgo: 12),
                    Message(3, "inbound", "contact", null, minutesAgo: 13),
                    Message(2, "outbound", "assistant", "Read", minutesAgo: 60 * 26),
                    Message(1, "inbound", "contact", null, minutesAgo: (60 * 26) + 1),
                },
                next = (string?)null,
            }
        );
        apis.Say(
            $"GET ai-responder/threads/{Thread}/content",
            new
            {
                items = new[]
                {
                    Said("msg_1", null, "Expired", null),
                    Said(null, "rpl_2", "Expired", null),
                    Said("msg_3", null, "Readable", "Merhaba, yarın için 12 kişilik çikolatalı pasta yapabilir misiniz? Acil!"),
                    Said(null, "rpl_4", "Readable", "Merhaba! Evet, 12 kişilik pastamız 1.250,00 ₺. Yarın 16:00'da hazır olur."),
                    Said("msg_5", null, "Unreadable", null),
                },
            }
        );
    }

    public static object Channel(string state, string? reason = null) =>
        new
        {
            id = "chn_" + state,
            phoneNumberId = "106540352242922",
            wabaId = "102290129340398",
            displayNumber = "+90 212 555 01 01",
            verifiedName = "Çiçek Pastanesi",
            state,
            reason,
            connectedAt = Now.AddDays(-12),
        };

    public static object ThreadOf(
        string? name,
        string mode = "Assistant",
        bool optedOut = false,
        bool needsPerson = false,
        int windowHours = 20
    ) =>
        new
        {
            id = Thread,
            contactName = name,
            mode,
            optedOut,
            needsPerson,
            windowClosesAt = Now.AddHours(windowHours),
            lastMessageAt = Now.AddMinutes(-7),
        };

    private static object Message(
        int number,
        string direction,
        string author,
        string? status,
        int minutesAgo,
        string kind = "Text",
        string? dropReason = null,
        int? errorCode = null
    ) =>
        new
        {
            id = "msg_" + number,
            direction,
            author,
            kind,
            status,
            dropReason,
            errorCode,
            replyId = author == "assistant" ? "rpl_" + number : null,
            sentAt = Now.AddMinutes(-minutesAgo),
        };

    private static object Said(string? messageId, string? replyId, string state, string? text) =>
        new
        {
            messageId,
            replyId,
            state,
            text,
        };

    private static object Profile() =>
        new
        {
            assistantName = "Defne",
            businessName = "Çiçek Pastanesi",
            facts = "Hafta içi 09:00-19:00 açığız.\nTeslimat 49,90 ₺.\nİade yoktur.",
            tone = "samimi ve kısa",
            languages = new[] { "tr", "en" },
            scope = "pasta, sipariş, teslimat",
            humanContact = "+90 212 555 01 02",
            disclosure = "Ben Defne, bir yapay zekâ asistanıyım.",
            deniedText = "Birazdan döneriz.",
            version = 3,
        };

    private static object Requests() =>
        new
        {
            items = new object[]
            {
                new
                {
                    requestId = "dsr_2",
                    kind = "Access",
                    state = "Delivered",
                    receivedAt = Now.AddHours(-1),
                    deadline = Now.AddDays(30),
                    canCancel = false,
                    archive = new
                    {
                        expiresAt = Now.AddDays(7),
                        bytes = 4711,
                        downloadsLeft = 5,
                    },
                },
                new
                {
                    requestId = "dsr_1",
                    kind = "Rectification",
                    state = "Verified",
                    receivedAt = Now.AddDays(-2),
                    deadline = Now.AddDays(28),
                    canCancel = true,
                },
            },
        };
}
