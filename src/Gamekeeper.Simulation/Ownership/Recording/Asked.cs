namespace Gamekeeper.Simulation.Ownership.Recording;

/// <summary>What a request asks for.</summary>
internal abstract record Asked
{
    private Asked() { }

    /// <summary>Cards are named in it that it would move, or promise.</summary>
    public virtual IEnumerable<Guid> Cards => [];

    /// <summary>In one word.</summary>
    public string Kind => GetType().Name.ToLowerInvariant();

    /// <summary>True for what is sent under an idempotency key.</summary>
    public virtual bool HasKey => true;

    /// <summary>An account of this name.</summary>
    public sealed record SignUp(string Name) : Asked
    {
        public override bool HasKey => false;
    }

    /// <summary>So many new cards for a player.</summary>
    public sealed record Mint(Guid To, int Count) : Asked;

    /// <summary>One card from hand to hand; by the game when <paramref name="By"/> is null.</summary>
    public sealed record Transfer(Guid Card, Guid From, Guid To, Guid? By) : Asked
    {
        public override IEnumerable<Guid> Cards => [Card];
    }

    /// <summary>An offer.</summary>
    public sealed record Propose(Guid By, Guid To, IReadOnlyList<Guid> Offered, IReadOnlyList<Guid> Wanted) : Asked
    {
        public override IEnumerable<Guid> Cards => Offered.Concat(Wanted);

        /// <summary>Who has to own a card of it.</summary>
        public Guid OwnerOf(Guid card) => Offered.Contains(card) ? By : To;
    }

    /// <summary>Yes to an offer.</summary>
    public sealed record Accept(Guid Trade, Guid By) : Asked;

    /// <summary>No to an offer.</summary>
    public sealed record Decline(Guid Trade, Guid By) : Asked;

    /// <summary>An offer taken back.</summary>
    public sealed record Cancel(Guid Trade, Guid By) : Asked;

    /// <summary>Who owns this card?</summary>
    public sealed record Read(Guid Card) : Asked
    {
        public override bool HasKey => false;

        public override IEnumerable<Guid> Cards => [Card];
    }

    /// <summary>Do all invariants hold?</summary>
    public sealed record Verify : Asked
    {
        public override bool HasKey => false;
    }
}
