using System.Text.Json.Nodes;
using Stripe;
using WpAsis.Sandbox.Hosting;

namespace WpAsis.Sandbox.Stripe;

/// <summary>
/// Everything Stripe knows, as Stripe.net's own entities, so that shapes are right by construction. Whoever reads or changes holds
/// <see cref="Lock"/>.
/// </summary>
internal sealed class StripeAccount
{
    private readonly StripeTime _clock;
    private readonly DeliverEvents _deliver;
    private readonly Dictionary<string, StripeEntity> _byId = new(StringComparer.Ordinal);
    private readonly List<(string Id, StripeEntity Entity)> _inOrder = [];
    private int _invoices;

    public StripeAccount(StripeTime clock, DeliverEvents deliver)
    {
        _clock = clock;
        _deliver = deliver;
        Clear();
    }

    public Lock Lock { get; } = new();

    /// <summary>Customers whose card is refused from now on.</summary>
    public HashSet<string> Declining { get; } = new(StringComparer.Ordinal);

    public DateTime Now => _clock.Second();

    public void Add<T>(T entity)
        where T : StripeEntity, IHasId
    {
        _byId.Add(entity.Id, entity);
        _inOrder.Add((entity.Id, entity));
    }

    public T? Find<T>(string? id)
        where T : StripeEntity => id is not null && _byId.TryGetValue(id, out var entity) ? entity as T : null;

    /// <summary>Whatever has this id, as the API would answer it.</summary>
    public JsonNode? FindJson(string id) => _byId.TryGetValue(id, out var entity) ? JsonNode.Parse(entity.ToJson()) : null;

    public T Get<T>(string id, string what, string param = "id", int status = 404)
        where T : StripeEntity => Find<T>(id) ?? throw StripeRefusal.NoSuch(what, id, param, status);

    /// <summary>Newest first.</summary>
    public IEnumerable<T> All<T>()
        where T : StripeEntity => _inOrder.Select(entry => entry.Entity).OfType<T>().Reverse();

    public string NextInvoiceNumber() => $"WPASIS-{++_invoices:D4}";

    /// <summary>Something happened: an event with the object as it is now, delivered to the webhook.</summary>
    public StripeEvent Emit(string type, StripeEntity entity, StripeCall? cause = null)
    {
        var id = "evt_1" + RandomIds.Alphanumeric(23);
        var body = new JsonObject
        {
            ["id"] = id,
            ["object"] = "event",
            ["api_version"] = StripeConfiguration.ApiVersion,
            ["created"] = new DateTimeOffset(Now).ToUnixTimeSeconds(),
            ["data"] = new JsonObject { ["object"] = JsonNode.Parse(entity.ToJson()) },
            ["livemode"] = false,
            ["pending_webhooks"] = 1,
            ["request"] = new JsonObject { ["id"] = cause?.RequestId, ["idempotency_key"] = cause?.IdempotencyKey },
            ["type"] = type,
        };
        return _deliver.Enqueue(new StripeEvent(id, type, Now, body.ToJsonString()) { Held = _deliver.Holds });
    }

    /// <summary>Empty but for what the operator made in the dashboard: the product and its price.</summary>
    public void Clear()
    {
        lock (Lock)
        {
            _byId.Clear();
            _inOrder.Clear();
            Declining.Clear();
            _invoices = 0;
            Catalog.Fill(this);
        }
    }
}
