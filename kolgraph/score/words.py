"""Words that say nothing about what a paper is about."""

_GRAMMAR = """a about above across after against all along also although am among an and another any are as at be
because been before being between both but by can could did do does doing done down during each either else ever every
few first for from further had has have having here how however if in including into is it its itself just last least
less made main make many may might more most much must near neither new no nor not now of off on once one only onto or
other our out over own per rather same second several shall should since so some still such than that the their them
then there these they third this those three through throughout thus to together too toward towards two under until up
upon us use used useful using various versus very via vs was we well were what when where whether which while who whom
why will with within without would yet you your"""

_BOILERPLATE = """absence abstract action activity acute addition adult age aged aim analysis analyses analyzing applied
application applying approach aspect assessing assessment assessed associated association author available baseline based
basis benefit better case cause center centre challenge change changing characteristic characterization
characterizing chronic class clinic clinical clinically cohort combined combination commentary common comparative
comparing comparison complex component condition consequence considering consideration contemporary context control
controlled correction correlate correlation course cross current cross-sectional data day decreased dependent design
determinant determination determining detection developing development different difference difficult direct disease
disorder distinct double-blind driven early editorial effect effective effectiveness efficacy efficient emerging enhanced
enhancing enhance establishing estimating estimation evaluate evaluating evaluation event evidence examining example
experience experiment experimental exploring exploratory exploration expression factor feasibility feature finding follow-up
following form framework frequency function functional future general global good group growth guide guideline health
healthy high higher highly human idea identification identifying identified impact implementation implication
importance important improved improvement improving improve incidence increased increase increasing independent index
individual induced influence information initial insight integrated international intervention introduction
investigating investigation involved issue key knowledge large late lesson letter level life light like limited line
literature local long long-term longitudinal low lower major management mean measure measurement measuring mechanism
mediated medical medicine meta-analysis meta method model modeling modelling moderate modification modified multicenter
multicentre multiple narrative national natural nationwide need non normal note novel number observation observational
observed occurrence open open-label optimal optimization optimizing option outcome outlook overview paper parameter
part participant pathway patient pattern people performance period perspective phase pilot placebo-controlled placebo
point population possible post potential practical practice predicting prediction predictive predictor preliminary
presence present presentation presenting prevalence prevention primary principle problem procedure process profile
prognostic program programme progress promote promoting promising property proposed prospective protocol provide
providing quality quantitative question randomised randomized range rate rapid rare rational reaction real real-world
recent recommendation reduced reducing reduction regarding region regional registry related relation relationship
relative relevance reliability reply report reported reporting research resource respect response result retrospective
revealed revealing reveal review revisited risk role safety sample scale score scoping screening secondary selected
selection sequential series set setting severe severity short short-term significance significant similar simple single
single-center single-centre situation small special specific spectrum stage state statement status step strategy
strong structure study subject successful support survey survival system systematic target targeting task technical
technique term test testing therapeutic therapy time tool top total toward treated treating treatment trend trial type
ultra unique update updated utility validation validity value variability variable variant variation view way week
woman women men man work working world year young child children elderly female male"""

EMPTY_WORDS = frozenset(f"{_GRAMMAR} {_BOILERPLATE}".split())
