"""Words that say nothing about what a paper is about."""

_GRAMMAR = """a about above across after against all along also although am among an and another any are as at be
because been before being between both but by can could did do does doing done down during each either else ever every
few first for from further had has have having here how however if in including into is it its itself just last least
less made main make many may might more most much must near neither new no nor not now of off on once one only onto or
other our out over own per rather same second several shall should since so some still such than that the their them
then there these they third this those three through throughout thus to together too toward towards two under until up
upon us use used useful using various versus very via vs was we well were what when where whether which while who whom
why will with within without would yet you your"""

_BOILERPLATE = """
adequate alter alters ill receiving
absence abstract according action activity acute addition adult affect affecting affects age aged aim alleviate
alleviates ameliorate ameliorates analyses analysis analyzing application applied applying approach aspect assessed
assessing assessment associated association attenuate attenuated attenuates attenuating author available axis based
baseline basic basis behalf benefit better boosted born call case cause center centre challenge change changing
characteristic characterization characterizing child children chronic class clinic clinical clinically close cohort
collection combination combined commentary common comparative comparing comparison complex component condition
consequence consideration considering contemporary context contribute contributes control controlled correction
correlate correlation counseling course cross cross-sectional curative current data day decreased decreases dependent
derived design detection determinant determination determining developing development difference different difficult
direct discovered discovery distinct double-blind driven due early editorial effect effective effectiveness efficacy
efficient elderly emerging enhance enhanced enhances enhancing establishing estimated estimating estimation evaluate
evaluating evaluation event evidence examining example experience experiment experimental exploration exploratory
exploring exposure expression facilitate facilitates factor fatal feasibility feature female finding follow-up
following form forum framework frequency function functional future general global good group growth guide guideline
healthy help high higher highly human idea identification identified identifies identifying impact implementation
implication importance important improve improved improvement improves improving incidence increase increased
increases increasing independent index individual induce induced induces inducible inducing infiltration influence
information inhibit inhibiting inhibition inhibits initial initiative insight integrated international intervention
introduction invasive investigating investigation involved involving issue key knowledge large late late-stage layered
lead leading learned lesson letter level life light like limited line literature local locally long long-term
longitudinal low lower major male man management managing mean measure measurement measuring mechanism mediate
mediated mediates medical men meta meta-analysis method minor model modeling modelling moderate modification modified
multicenter multicentre multifunctional multiple narrative nation national nationwide natural need newly non normal
note novel number observation observational observed occurrence older open open-label opportunity optimal optimization
optimizing option outcome outlook overall overview paper parameter part participant pathway patient pattern peak
people performance period perspective phase pilot placebo placebo-controlled plus point population position possible
post potential practical practice precise predict predicting prediction predictive predictor predicts preliminary
presence present presentation presenting prevalence prevention primary principle prior problem procedure process
profile prognostic program programme progress promising promote promotes promoting property proposed prospective
protocol provide providing quality quantitative question randomised randomized range rapid rare rate rational reaction
real real-life real-world recent reclassification recommendation reduced reduces reducing reduction regarding region
regional registry regulate regulates regulating regulation regulatory related relation relationship relative relevance
reliability reply report reported reporting research resource respect response responsive result retrospective reveal
revealed revealing reveals review revisited risk role safety sample scale scoping score screening secondary selected
selection self-reported sequential series service set setting severe severity short short-term shows significance
significant similar simple single single- single-center situation small special specific spectrum stage state
statement status step strategy strong structure study subject subsequent successful suggests summary support suppress
suppresses suppression survey survival synergistic systematic taking target targeting task technical technique term
test testing therapeutic time tool top total toward treated treating treatment trend trial type ultra underlying
unique unresectable update updated upon using utility utilization validation validity value variability variable
variant variation variety view way week woman women work working world year young"""
_COMPANY = """cancer carcinoma care cell disease disorder failure gene health infection injury medicine protein surgery
syndrome system therapy tumor tumour"""

EMPTY_WORDS = frozenset(f"{_GRAMMAR} {_BOILERPLATE}".split())
# these say something in company only: kidney disease, squamous cell carcinoma
COMPANY_WORDS = frozenset(_COMPANY.split())
